//! Finding things as assistive technology names them: by role and accessible name.

/// A role of the accessibility tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Button,
    Checkbox,
    Dialog,
    Gridcell,
    Heading,
    Link,
    Listitem,
    Menuitem,
    Option,
    Radio,
    Row,
    Searchbox,
    Switch,
    Tab,
    Textbox,
    Treegrid,
}

impl Role {
    /// Elements that can have the role; the driver then says which do, and under which name.
    pub(super) fn candidates(self) -> &'static str {
        match self {
            Self::Button => "button, [role=button], summary, input[type=button], input[type=submit]",
            Self::Checkbox => "input[type=checkbox], [role=checkbox]",
            Self::Dialog => "dialog, [role=dialog], [role=alertdialog]",
            Self::Gridcell => "[role=gridcell], td",
            Self::Heading => "h1, h2, h3, h4, h5, h6, [role=heading]",
            Self::Link => "a[href], [role=link]",
            Self::Listitem => "li, [role=listitem]",
            Self::Menuitem => "[role=menuitem], [role=menuitemcheckbox], [role=menuitemradio]",
            Self::Option => "option, [role=option]",
            Self::Radio => "input[type=radio], [role=radio]",
            Self::Row => "tr, [role=row]",
            Self::Searchbox => "input[type=search], [role=searchbox]",
            Self::Switch => "[role=switch]",
            Self::Tab => "[role=tab]",
            Self::Textbox => {
                "input:not([type]), input[type=text], textarea, [role=textbox], [contenteditable=true]"
            }
            Self::Treegrid => "[role=treegrid]",
        }
    }
}
