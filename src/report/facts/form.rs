//! The facts file as a form: questions in comments, and below each the line that would answer it, behind a `#`.

use std::collections::BTreeSet;

use crate::check::questions::{Answer, Question};

/// What the form says before the first question.
#[derive(Debug, Clone, Default)]
pub struct Preface {
    /// Undecided rules that wait for facts; `None` where no farm was given.
    pub waiting: Option<usize>,
    /// Undecided rules that wait for exports or other things only.
    pub others: usize,
    /// The facts file that has the other answers.
    pub beside: Option<String>,
}

/// Columns of a comment.
const WIDTH: usize = 110;

/// Writes the form. As it stands it is a valid facts file that answers nothing.
pub fn form(questions: &[Question], preface: &Preface) -> String {
    let mut form = Form { text: String::new(), told: BTreeSet::new() };
    form.preface(questions, preface);
    for question in questions {
        form.text.push('\n');
        form.question(question, 0, "");
    }
    form.text
}

/// How many answers the questions want.
pub fn answers(questions: &[Question]) -> usize {
    questions.iter().map(|question| count(&question.answer)).sum()
}

fn count(answer: &Answer) -> usize {
    match answer {
        Answer::Known(_) => 0,
        Answer::Value(_) | Answer::Values(_) => 1,
        Answer::Members(members) => answers(members),
        Answer::Items(items) => items.iter().map(|members| answers(members)).sum(),
        Answer::Entries(entries) => entries.iter().map(|(_, answer)| count(answer)).sum(),
    }
}

struct Form {
    text: String,
    /// Names that were explained, with what was said of them.
    told: BTreeSet<(String, String)>,
}

impl Form {
    fn preface(&mut self, questions: &[Question], preface: &Preface) {
        self.text.push_str("# yaml-language-server: $schema=adfslint.facts.schema.json\n");
        let beside = preface.beside.as_ref().map(|path| format!(" What {path} answers is not asked again: add what you answer here to it, below the names that are there already."));
        let wanted = match preface.waiting {
            Some(waiting) => format!(
                "What no command exports of this farm: {} that {} for.{}",
                plural(answers(questions), "answer", "answers"),
                if waiting == 1 { "1 undecided rule waits".to_owned() } else { format!("{waiting} undecided rules wait") },
                beside.unwrap_or_default()
            ),
            None => "What no command exports of a farm, all that rules may ask for. With exports, `adfslint facts --init exports/` asks only for what is missing.".to_owned(),
        };
        self.comment("", &wanted);
        self.comment("", "Take away the # in front of a line that you answer, and of the lines that it stands below, and write the answer in the place of <...>. Leave the rest: what is not answered stays undecided.");
        self.comment("", "One answer may open further questions: keep this file with the exports and run `adfslint facts --init` again.");
        if preface.others > 0 {
            let rules = plural(preface.others, "more rule waits", "more rules wait");
            self.comment(
                "",
                &format!("{rules} for exports or for other things: `adfslint check` names them."),
            );
        }
        self.comment("", "For editors: adfslint schema facts > adfslint.facts.schema.json");
    }

    fn question(&mut self, question: &Question, depth: usize, dash: &str) {
        let indent = "  ".repeat(depth);
        let lead = format!("{indent}{}", " ".repeat(dash.len()));
        self.explain(question, if dash.is_empty() { &lead } else { &indent });
        let name = plain(&question.name);
        let line = format!("{indent}#{dash}{name}:");
        match &question.answer {
            Answer::Known(value) => self.line(&format!("{line} {}", plain(value))),
            Answer::Value(words) => self.line(&format!("{line} <{words}>")),
            Answer::Values(words) => {
                self.line(&line);
                self.line(&format!("{lead}  #- <{words}>"));
            }
            Answer::Members(members) => {
                self.line(&line);
                self.members(members, depth + 1 + dash.len() / 2);
            }
            Answer::Items(items) => {
                self.line(&line);
                for members in items {
                    self.item(members, depth + 1 + dash.len() / 2);
                }
            }
            Answer::Entries(entries) => {
                self.line(&line);
                self.entries(entries, depth + 1 + dash.len() / 2);
            }
        }
    }

    fn members(&mut self, members: &[Question], depth: usize) {
        members.iter().for_each(|member| self.question(member, depth, ""));
    }

    fn item(&mut self, members: &[Question], depth: usize) {
        let mut members = members.iter();
        if let Some(first) = members.next() {
            self.question(first, depth, "- ");
        }
        members.for_each(|member| self.question(member, depth + 1, ""));
    }

    fn entries(&mut self, entries: &[(String, Answer)], depth: usize) {
        for (name, answer) in entries {
            let question = Question {
                name: name.clone(),
                about: String::new(),
                shown_by: None,
                rules: BTreeSet::new(),
                answer: answer.clone(),
            };
            self.question(&question, depth, "");
        }
    }

    /// What is asked, once.
    fn explain(&mut self, question: &Question, lead: &str) {
        if question.about.is_empty() || !self.told.insert((question.name.clone(), question.about.clone())) {
            return;
        }
        let none = match question.answer {
            Answer::Values(_) => " ([] if there is none)",
            Answer::Items(ref items) if !items.iter().flatten().any(is_known) => " ([] if there is none)",
            _ => "",
        };
        self.comment(lead, &format!("{}{none}", question.about));
        if let Some(command) = &question.shown_by {
            // A command is copied as it stands.
            self.line(&format!("{lead}# Shown by: {command}"));
        }
        if !question.rules.is_empty() {
            let named: Vec<&str> = question.rules.iter().map(|rule| &**rule).collect();
            self.comment(lead, &format!("For: {}", named.join(", ")));
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn comment(&mut self, lead: &str, words: &str) {
        let mut line = format!("{lead}#");
        let mut is_empty = true;
        for word in words.split_whitespace() {
            if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.line(&line);
                line = format!("{lead}#");
            }
            line.push(' ');
            line.push_str(word);
            is_empty = false;
        }
        self.line(&line);
    }
}

fn is_known(question: &Question) -> bool {
    matches!(question.answer, Answer::Known(_))
}

/// A name or value as YAML takes it for a text.
fn plain(text: &str) -> String {
    let is_simple = |one: char| one.is_ascii_alphanumeric() || matches!(one, '.' | '_' | '-');
    let is_number = text.parse::<f64>().is_ok();
    let is_word = !text.is_empty()
        && text.chars().all(is_simple)
        && text.starts_with(|one: char| one.is_alphanumeric());
    let is_special =
        matches!(text.to_ascii_lowercase().as_str(), "null" | "true" | "false" | "yes" | "no" | "on" | "off");
    if is_word && !is_number && !is_special || crate::farm::is_placeholder(text) {
        text.to_owned()
    } else {
        // JSON's texts are YAML's.
        serde_json::to_string(text).unwrap_or_default()
    }
}

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
