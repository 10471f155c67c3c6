//! What formatting changes, as a unified diff.

use similar::TextDiff;

use super::window::visible_line;

/// Lines around a change.
const CONTEXT: usize = 3;
/// Lines of both texts from which on the shortest diff takes too long to find; the time grows with their square.
const LINES: usize = 6_000;

/// A unified diff between a text and what it should be; `title` is what a person calls the text. Texts that differ
/// in nothing but their line ends give a sentence.
pub fn unified(title: &str, before: &str, after: &str) -> String {
    let title = visible_line(title);
    let (plain, wanted) = (before.replace("\r\n", "\n"), after.replace("\r\n", "\n"));
    if plain == wanted {
        return format!("--- {title}\nOnly the line ends differ.\n");
    }
    if plain.lines().count() + wanted.lines().count() > LINES {
        return whole(&title, &plain, &wanted);
    }
    let diff = TextDiff::from_lines(&plain, &wanted);
    diff.unified_diff().context_radius(CONTEXT).header(&title, &format!("{title} (formatted)")).to_string()
}

/// A diff of one piece: from the first line that differs to the last one.
fn whole(title: &str, before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = |(one, other): &(&&str, &&str)| one == other;
    let head = old.iter().zip(&new).take_while(same).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(same).count();
    let mut text = format!("--- {title}\n+++ {title} (formatted)\n");
    let sides = [(&old, '-'), (&new, '+')];
    let counts = sides.map(|(lines, sign)| format!("{sign}{},{}", head + 1, lines.len() - head - tail));
    text.push_str(&format!("@@ {} @@\n", counts.join(" ")));
    for (lines, sign) in sides {
        for line in lines.get(head..lines.len() - tail).unwrap_or(&[]) {
            text.push(sign);
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_one_piece() {
        let line = |number: usize| format!("{number}\n");
        let before: String = (0..5000).map(line).collect();
        let after = before.replace("\n7\n", "\nseven\n").replace("\n9\n", "\n9\nand a half\n");
        assert_eq!(
            unified("t", &before, &after),
            "--- t\n+++ t (formatted)\n@@ -8,3 +8,4 @@\n-7\n-8\n-9\n+seven\n+8\n+9\n+and a half\n"
        );
    }

    #[test]
    fn line_ends_alone_are_told() {
        assert_eq!(unified("t", "a\r\nb\n", "a\r\nb\r\n"), "--- t\nOnly the line ends differ.\n");
    }
}
