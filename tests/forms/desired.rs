//! Desired State Configuration: objects as AdfsDsc would set them up, as a script and as the MOF file of it.

use serde_json::{Map, Value};

use super::{Files, objects};

/// Commands whose objects a resource of AdfsDsc sets up.
const RESOURCES: [&str; 9] = [
    "AdfsProperties",
    "AdfsRelyingPartyTrust",
    "AdfsClaimDescription",
    "AdfsGlobalAuthenticationPolicy",
    "AdfsApplicationGroup",
    "AdfsApplicationPermission",
    "AdfsNativeClientApplication",
    "AdfsWebApiApplication",
    "AdfsCertificate",
];

type Resources<'f> = Vec<(&'static str, &'f Map<String, Value>)>;

/// What a configuration can set of the farm, and the other exports as they are.
fn split(farm: &Value) -> (Resources<'_>, Files) {
    let mut resources = Vec::new();
    let mut files = Files::new();
    for (command, value) in farm.as_object().unwrap() {
        let known = RESOURCES.into_iter().find(|name| command.strip_prefix("Get-") == Some(*name));
        let all = objects(value);
        match known.filter(|_| !all.is_empty()) {
            Some(resource) => resources.extend(all.into_iter().map(|object| (resource, object))),
            None => files.push((format!("{command}.json"), value.to_string())),
        }
    }
    (resources, files)
}

fn mof_text(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\r', "\\r").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

/// A value of a MOF file; instances that stand in it go before.
fn mof_value(value: &Value, before: &mut String, count: &mut usize) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => mof_text(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().filter_map(|item| mof_value(item, before, count)).collect();
            format!("{{\n  {}\n }}", items.join(",\n  "))
        }
        Value::Object(entries) => {
            let body = mof_body(entries, before, count);
            *count += 1;
            before.push_str(&format!("instance of MSFT_AdfsPart as $Part{count}ref\n{{\n{body}}};\n\n"));
            format!("$Part{count}ref")
        }
    })
}

fn mof_body(entries: &Map<String, Value>, before: &mut String, count: &mut usize) -> String {
    let entry = |(name, value): (&String, &Value)| {
        mof_value(value, before, count).map(|value| format!(" {name} = {value};\n"))
    };
    entries.iter().filter_map(entry).collect()
}

/// The MOF file of a node.
pub fn mof_files(farm: &Value) -> Files {
    let (resources, mut files) = split(farm);
    let mut text = "/*\n@TargetNode='STS01'\n@GeneratedBy=build\n*/\n\n".to_owned();
    let mut count = 0;
    for (number, (resource, object)) in resources.iter().enumerate() {
        let mut before = String::new();
        let body = mof_body(object, &mut before, &mut count);
        text.push_str(&format!(
            "{before}instance of MSFT_{resource} as $MSFT_{resource}{number}ref\n{{\n ResourceID = \"[{resource}]R{number}\";\n{body} \
             ModuleName = \"AdfsDsc\";\n ConfigurationName = \"Farm\";\n}};\n\n"
        ));
    }
    text.push_str("instance of OMI_ConfigurationDocument\n{\n Version=\"2.0.0\";\n Name=\"Farm\";\n};\n");
    files.push(("STS01.mof".into(), text));
    files
}

fn script_value(value: &Value, indent: usize) -> String {
    let pad = " ".repeat(indent);
    match value {
        Value::Null => "$null".into(),
        Value::Bool(value) => format!("${value}"),
        Value::Number(number) => number.to_string(),
        // What stands below each other is easiest to read as it is.
        Value::String(text) if text.contains('\n') && !text.contains("\n'@") => format!("@'\n{text}\n'@"),
        Value::String(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Array(items) => {
            let item = |item: &Value| format!("{pad}    {}\n", script_value(item, indent + 4));
            format!("@(\n{}{pad})", items.iter().map(item).collect::<String>())
        }
        Value::Object(entries) => {
            format!("MSFT_AdfsPart\n{pad}{{\n{}{pad}}}", script_body(entries, indent + 4))
        }
    }
}

fn script_body(entries: &Map<String, Value>, indent: usize) -> String {
    let pad = " ".repeat(indent);
    entries.iter().map(|(name, value)| format!("{pad}{name} = {}\n", script_value(value, indent))).collect()
}

/// A configuration script.
pub fn script_files(farm: &Value) -> Files {
    let (resources, mut files) = split(farm);
    let mut text =
        "Configuration Farm\n{\n    Import-DscResource -ModuleName AdfsDsc\n    Node 'STS01'\n    {\n"
            .to_owned();
    for (number, (resource, object)) in resources.iter().enumerate() {
        let body = script_body(object, 12);
        text.push_str(&format!("        {resource} R{number}\n        {{\n{body}        }}\n\n"));
    }
    text.push_str("    }\n}\n");
    files.push(("Farm.ps1".into(), text));
    files
}
