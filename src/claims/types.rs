//! Well-known claim types: what they mean, and who writes their values. The types themselves are data,
//! `rules/claim-types.yaml`.

use std::collections::HashMap;
use std::sync::Arc;

use super::spelling::{Slip, Spellings};

/// Makes an enum whose members have a word in `rules/claim-types.yaml` and in conditions.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$member_about:meta])* $member:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$member_about])* $member,)+
        }

        impl $name {
            /// All members.
            pub const ALL: &[Self] = &[$(Self::$member,)+];

            /// The word for it.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$member => $word,)+
                }
            }

            /// What a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.word() == word)
            }
        }
    };
}

words! {
    /// Who writes the value of a claim.
    Origin {
        /// AD FS itself.
        Adfs = "adfs",
        /// Active Directory or another attribute store.
        Directory = "directory",
        /// The partner, a claims provider.
        Partner = "partner",
        /// Whoever sends the request: the value is a header's.
        Client = "client",
        /// Device registration.
        Device = "device",
        /// Whoever signed the user's certificate.
        Certificate = "certificate",
        /// Nobody but claim rules.
        Rules = "rules",
    }
}

words! {
    /// What a claim is about.
    Group {
        /// Names of a person.
        Name = "name",
        /// An account of Windows.
        Account = "account",
        /// Groups and roles.
        Group = "group",
        /// Permit and deny.
        Decision = "decision",
        /// How the request came.
        Request = "request",
        /// How the user signed in.
        Authentication = "authentication",
        /// A registered device.
        Device = "device",
        /// The password's end.
        Password = "password",
        /// What ties an account to Microsoft Entra ID.
        Anchor = "anchor",
        /// The user's certificate.
        Certificate = "certificate",
        /// Anything else.
        Other = "other",
    }
}

/// A well-known claim type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimType {
    /// Short name, `upn`.
    pub name: Arc<str>,
    /// As it stands in rules.
    pub uri: Arc<str>,
    /// What it means, in a few words.
    pub meaning: Arc<str>,
    /// What it is about.
    pub group: Group,
    /// Who writes the value.
    pub origin: Origin,
    /// All values, or the well-known ones.
    pub values: Vec<Arc<str>>,
    /// One user may have several claims of it.
    pub many: bool,
    /// The same value comes in different letter case.
    pub case_varies: bool,
    /// A sign-in at Active Directory brings it along, whatever the acceptance rules say.
    pub comes_along: bool,
}

impl ClaimType {
    /// Whether its value is `true` or `false` and nothing else.
    pub fn is_boolean(&self) -> bool {
        matches!(self.values.as_slice(), [yes, no] if &**yes == "true" && &**no == "false")
    }
}

/// All well-known claim types.
#[derive(Debug, Clone, Default)]
pub struct ClaimTypes {
    all: Vec<ClaimType>,
    by_uri: HashMap<Arc<str>, usize>,
    by_name: HashMap<Arc<str>, usize>,
    spellings: Spellings,
}

impl ClaimTypes {
    /// Adds a type. If there is one of its name or address already, nothing is added, and that one's address
    /// is given back.
    pub fn add(&mut self, new: ClaimType) -> Result<(), Arc<str>> {
        if let Some(known) = self.get(&new.uri).or_else(|| self.named(&new.name)) {
            return Err(Arc::clone(&known.uri));
        }
        self.by_uri.insert(Arc::clone(&new.uri), self.all.len());
        self.by_name.insert(Arc::clone(&new.name), self.all.len());
        self.spellings.add(&new.uri);
        self.all.push(new);
        Ok(())
    }

    /// The claim type of exactly that address; AD FS compares letter case too.
    pub fn get(&self, uri: &str) -> Option<&ClaimType> {
        self.by_uri.get(uri).and_then(|number| self.all.get(*number))
    }

    /// The claim type of that short name.
    pub fn named(&self, name: &str) -> Option<&ClaimType> {
        self.by_name.get(name).and_then(|number| self.all.get(*number))
    }

    /// All claim types, in the order of their file.
    pub fn iter(&self) -> impl Iterator<Item = &ClaimType> {
        self.all.iter()
    }

    /// The claim type that a wrong address may mean, and what is wrong with the address. `None` for a right one.
    pub fn near(&self, uri: &str) -> Option<(&ClaimType, Slip)> {
        let (meant, slip) = self.spellings.near(uri)?;
        Some((self.get(meant)?, slip))
    }
}
