//! The script that exports a farm, and which of its lines exports what.

/// The script, as `adfslint collect` prints it.
pub const SCRIPT: &str = include_str!("../../examples/collect/Export-AdfsFarm.ps1");

/// What it is called.
pub const NAME: &str = "Export-AdfsFarm.ps1";

/// The line of the script, counted from 1, that saves what a command prints; `None` where the script does not run it.
pub fn line_of(command: &str) -> Option<usize> {
    let saves = |line: &str| {
        let line = line.trim_start();
        if line.starts_with("Write-NewFile ") {
            return line.contains(&format!("'{command}'"));
        }
        if command == "node.json" {
            return line.contains("(Save-Node ");
        }
        let Some(rest) = line.strip_prefix("Save-") else { return false };
        let is_certificate = rest.starts_with("Certificate ") && command.starts_with("certs/");
        // What is no cmdlet is known by the file that it fills.
        let is_file =
            rest.starts_with("Text ") && rest.split('\'').nth(1).is_some_and(|file| command.ends_with(file));
        is_certificate
            || is_file
            || rest.contains(&format!("'{command}'"))
            || rest.contains(&format!("{{ {command} }}"))
    };
    SCRIPT.lines().position(saves).map(|line| line + 1)
}
