//! `netsh http show sslcert`, in whatever language Windows speaks.
//!
//! Labels and words are translated, their order is not: a binding begins with a name and a port, then comes a hash of
//! 40 hex digits, then a GUID. A row that is not known by its English label is known by its place.

use super::lines::{Line, lines};
use super::{Troubles, small};
use crate::node::{Coding, Lost, Open, Tree, TreeBuilder};

/// Labels in English, in their order. Windows Server 2012 R2 stops at the thirteenth, 2016 at the fifteenth.
const LABELS: [&str; 23] = [
    "Binding",
    "Certificate Hash",
    "Application ID",
    "Certificate Store Name",
    "Verify Client Certificate Revocation",
    "Verify Revocation Using Cached Client Certificate Only",
    "Usage Check",
    "Revocation Freshness Time",
    "URL Retrieval Timeout",
    "Ctl Identifier",
    "Ctl Store Name",
    "DS Mapper Usage",
    "Negotiate Client Certificate",
    "Reject Connections",
    "Disable HTTP2",
    "Disable QUIC",
    "Disable TLS1.2",
    "Disable TLS1.3",
    "Disable OCSP Stapling",
    "Enable Token Binding",
    "Log Extended Events",
    "Disable Legacy TLS Versions",
    "Enable Session Ticket",
];

/// Rows of a binding on Windows Server 2012 R2; later ones print more.
const LEAST: usize = 13;

/// English labels of the first row.
const FIRST: [&str; 4] = ["ip:port", "hostname:port", "hostname port", "central certificate store"];

/// Rows whose value is a number; where they are not, places are not to be trusted.
const NUMBERS: [usize; 2] = [7, 8];

/// Translations of the four words, in small letters.
const WORDS: [(&str, &[&str]); 4] = [
    (
        "Enabled",
        &[
            "enabled",
            "aktiviert",
            "activé",
            "activée",
            "habilitado",
            "habilitada",
            "abilitato",
            "abilitata",
            "attivato",
            "ativado",
            "ativada",
            "ingeschakeld",
            "aktiverad",
            "aktiveret",
            "włączone",
            "включено",
            "включен",
            "有効",
            "已启用",
            "启用",
            "已啟用",
            "사용",
            "povoleno",
            "etkin",
        ],
    ),
    (
        "Disabled",
        &[
            "disabled",
            "deaktiviert",
            "désactivé",
            "désactivée",
            "deshabilitado",
            "deshabilitada",
            "disabilitato",
            "disabilitata",
            "disattivato",
            "desabilitado",
            "desativado",
            "desativada",
            "uitgeschakeld",
            "inaktiverad",
            "deaktiveret",
            "wyłączone",
            "отключено",
            "отключен",
            "無効",
            "已禁用",
            "禁用",
            "已停用",
            "사용 안 함",
            "zakázáno",
            "devre dışı",
        ],
    ),
    (
        "Set",
        &[
            "set",
            "festgelegt",
            "gesetzt",
            "défini",
            "définie",
            "establecido",
            "establecida",
            "impostato",
            "impostata",
            "definido",
            "ingesteld",
            "設定",
            "設定済み",
            "已设置",
            "已設定",
            "설정됨",
            "задано",
        ],
    ),
    (
        "Not Set",
        &[
            "not set",
            "nicht festgelegt",
            "nicht gesetzt",
            "non défini",
            "non définie",
            "no establecido",
            "no establecida",
            "non impostato",
            "non impostata",
            "não definido",
            "niet ingesteld",
            "未設定",
            "設定されていません",
            "未设置",
            "설정되지 않음",
            "설정 안 됨",
            "не задано",
        ],
    ),
];

/// `label : value`, in bytes of the text.
#[derive(Clone, Copy)]
struct Row {
    label: (usize, usize),
    value: (usize, usize),
}

impl Row {
    fn of(text: &str, line: Line) -> Option<Self> {
        let body = line.of(text);
        let trimmed = body.trim_end();
        // The label may hold a colon itself; the one between the two has blanks around it.
        let at =
            body.find(" : ").or_else(|| trimmed.ends_with(" :").then(|| trimmed.len().saturating_sub(2)))?;
        let start = line.start + body.len() - body.trim_start().len();
        let label = body.get(..at)?.trim_end();
        let rest = body.get(at + 2..).unwrap_or("");
        let value = rest.trim();
        let begin = line.start + at + 2 + rest.len() - rest.trim_start().len();
        let row = Self {
            label: (start.min(line.start + label.len()), line.start + label.len()),
            value: (begin.min(line.end), (begin + value.len()).min(line.end)),
        };
        (row.label.0 < row.label.1).then_some(row)
    }

    fn label(self, text: &str) -> &str {
        text.get(self.label.0..self.label.1).unwrap_or("")
    }

    fn value(self, text: &str) -> &str {
        text.get(self.value.0..self.value.1).unwrap_or("")
    }
}

/// Whether a text shows bindings, in any language: a hash below a name with a port, and a GUID below the hash.
pub(super) fn is_netsh(text: &str) -> bool {
    let rows: Vec<Option<Row>> = lines(text).into_iter().map(|line| Row::of(text, line)).collect();
    (0..rows.len()).any(|at| begins_at(text, &rows, at))
}

/// Whether a line begins a binding in English, be the rest of it cut off.
pub(super) fn is_first_line(line: &str) -> bool {
    let label = line.trim_start();
    FIRST.iter().any(|known| {
        let rest = label.get(..known.len()).filter(|head| head.eq_ignore_ascii_case(known));
        rest.is_some() && label.get(known.len()..).is_some_and(|rest| rest.trim_start().starts_with(':'))
    })
}

/// Whether a binding begins at a row.
fn begins_at(text: &str, rows: &[Option<Row>], at: usize) -> bool {
    let value = |offset: usize| rows.get(at + offset).copied().flatten().map(|row| row.value(text));
    let is_english = |row: &Row| FIRST.iter().any(|known| row.label(text).eq_ignore_ascii_case(known));
    let first = rows.get(at).copied().flatten();
    let (Some(first), Some(hash), Some(guid)) = (first, value(1), value(2)) else { return false };
    let port = first.value(text).rsplit(':').next().unwrap_or("");
    let is_port = !port.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    // The central store has no hash of its own.
    is_port && is_guid(guid) && (is_hash(hash) || hash == "(null)")
        || is_english(&first) && is_port && is_guid(hash)
}

fn is_hash(value: &str) -> bool {
    value.len() == 40 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_guid(value: &str) -> bool {
    value.len() == 38
        && value.starts_with('{')
        && value.ends_with('}')
        && value.bytes().filter(|byte| *byte == b'-').count() == 4
}

/// Reads a text: a list of bindings below the name of their kind.
pub(super) fn read(text: &str, builder: TreeBuilder, troubles: &mut Troubles) -> Tree {
    let lines = lines(text);
    let rows: Vec<Option<Row>> = lines.iter().map(|line| Row::of(text, *line)).collect();
    let starts: Vec<usize> = (0..rows.len()).filter(|at| begins_at(text, &rows, *at)).collect();
    let mut writer = Writer { text, builder };
    let root = writer.builder.open_map(0);
    writer.builder.word(0, 0, "TlsBinding");
    let list = writer.builder.open_list(0);
    let mut is_cut = false;
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(rows.len());
        let block = rows.get(*start..end).unwrap_or(&[]);
        is_cut |= writer.binding(block);
    }
    if is_cut {
        let at = text.trim_end().len();
        troubles.warn(
            at,
            text.len(),
            CUT_OFF,
            "Run `netsh http show sslcert` again; what stands before was read.",
        );
        writer.builder.close_incomplete(list, small(text.len()));
    } else {
        writer.builder.close(list, small(text.len()));
    }
    writer.builder.close(root, small(text.len()));
    writer.builder.finish()
}

const CUT_OFF: &str = "The list of bindings ends in the middle of one.";

struct Writer<'t> {
    text: &'t str,
    builder: TreeBuilder,
}

impl Writer<'_> {
    /// Writes a binding, and says whether it is cut off.
    fn binding(&mut self, block: &[Option<Row>]) -> bool {
        let Some(first) = block.first().copied().flatten() else { return true };
        let map: Open = self.builder.open_map(small(first.label.0));
        let is_placed = NUMBERS.iter().all(|place| {
            block.get(*place).copied().flatten().is_some_and(|row| is_number(row.value(self.text)))
        });
        let mut end = first.value.1;
        let mut place = 0;
        for row in block {
            // Behind an empty line, or below a heading without value, stands something else.
            let Some(row) = row.filter(|row| row.value.0 < row.value.1) else { break };
            let english = LABELS.iter().find(|known| row.label(self.text).eq_ignore_ascii_case(known));
            let name = match place {
                0 => LABELS.first(),
                // What a name, a hash, a GUID and the store are shows by themselves.
                1..=3 => english.or_else(|| LABELS.get(place)),
                _ => english.or_else(|| LABELS.get(place).filter(|_| is_placed)),
            };
            if let Some(name) = name {
                self.builder.word(row.label.0, row.label.1, name);
                self.value(row);
            }
            end = row.value.1;
            place += 1;
        }
        self.builder.close(map, small(end));
        let is_central = block.get(1).copied().flatten().is_some_and(|row| is_guid(row.value(self.text)));
        place + usize::from(is_central) < LEAST
    }

    fn value(&mut self, row: Row) {
        let (start, end) = row.value;
        let value = row.value(self.text);
        if value == "(null)" {
            self.builder.null(small(start), small(end));
            return;
        }
        // Where the file ends, the value may have gone on.
        if end == self.text.len() {
            self.builder.truncated(small(start), small(end), Lost::Damaged, Coding::Plain);
            return;
        }
        let lower = value.to_lowercase();
        match WORDS.iter().find(|(_, known)| known.contains(&lower.as_str())) {
            Some((word, _)) => {
                self.builder.word(start, end, word);
            }
            None => {
                self.builder.text(small(start), small(end), Coding::Plain);
            }
        }
    }
}

fn is_number(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
}
