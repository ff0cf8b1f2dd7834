//! The people of Harbor retail.

/// Somebody who writes code, and signs it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Person {
    /// As Git has it.
    pub name: &'static str,
    /// As Git has it.
    pub email: &'static str,
    /// As a pipeline shortens it.
    pub short: &'static str,
}

const fn person(name: &'static str, email: &'static str, short: &'static str) -> Person {
    Person { name, email, short }
}

/// Everybody; the first of them releases most.
pub(crate) static PEOPLE: [Person; 8] = [
    person("Amara Okafor", "amara.okafor@harbor.example", "Amara O."),
    person("Jonas Keller", "jonas.keller@harbor.example", "Jonas K."),
    person("Sofia Nilsson", "sofia.nilsson@harbor.example", "Sofia N."),
    person("Mei Ito", "mei.ito@harbor.example", "Mei I."),
    person("Tomás Barros", "tomas.barros@harbor.example", "Tomás B."),
    person("Lena Marsh", "lena.marsh@harbor.example", "Lena M."),
    person("Priya Raman", "priya.raman@harbor.example", "Priya R."),
    person("Noah Lindqvist", "noah.lindqvist@harbor.example", "Noah L."),
];

/// The release manager whose account the demo uses.
pub(crate) const ACCOUNT: &str = "lena.m";
/// Her group.
pub(crate) const GROUP: &str = "release-managers";
