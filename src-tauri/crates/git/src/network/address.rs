//! The address of a remote repository, checked before any program sees it.

use std::ffi::OsStr;
use std::fmt;
use std::str::FromStr;

/// The protocols that `git` may speak here, also when it is redirected. Others, `ext::` first of all,
/// run commands that an address names.
pub(crate) const PROTOCOLS: [&str; 5] = ["https", "http", "ssh", "git", "file"];

/// An address that `git clone` may be given: a URL of a known protocol, `host:path`, or a full local
/// path.
#[derive(Clone, PartialEq, Eq)]
pub struct RemoteAddress(String);

/// Why an address is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// It would be read as an option.
    #[error("an address must not start with \"-\": {0}")]
    Option(String),
    /// It is empty or holds spaces or control characters.
    #[error("an address must be one word without spaces or control characters: {0:?}")]
    Characters(String),
    /// It names a protocol or helper that is not spoken.
    #[error("the protocol \"{protocol}\" is not allowed; use https, ssh, http, git or file")]
    Protocol {
        /// The protocol.
        protocol: String,
    },
    /// It is neither a URL, nor `host:path`, nor a full path.
    #[error("\"{0}\" is no address; write for example https://git.example/team/service.git")]
    Shape(String),
}

impl RemoteAddress {
    pub(crate) fn as_os_str(&self) -> &OsStr {
        OsStr::new(&self.0)
    }
}

impl FromStr for RemoteAddress {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shown = || without_password(text);
        if text.starts_with('-') {
            return Err(InvalidAddress::Option(shown()));
        }
        let is_path = text.starts_with('/');
        let bad = |c: char| c.is_control() || (c.is_whitespace() && !is_path);
        if text.is_empty() || text.contains(bad) {
            return Err(InvalidAddress::Characters(shown()));
        }
        if !is_path {
            refuse_protocol(text)?;
        }
        Ok(RemoteAddress(text.to_owned()))
    }
}

fn refuse_protocol(text: &str) -> Result<(), InvalidAddress> {
    if let Some((helper, _)) = text.split_once("::") {
        // "ext::sh -c …" names a program; an IPv6 host stands in brackets and is no helper.
        if !helper.contains(['/', '[', '@', ':']) {
            return Err(InvalidAddress::Protocol {
                protocol: helper.to_owned(),
            });
        }
    }
    if let Some((protocol, rest)) = text.split_once("://") {
        if !PROTOCOLS.contains(&protocol) {
            return Err(InvalidAddress::Protocol {
                protocol: protocol.to_owned(),
            });
        }
        return refuse_dashed_host(text, rest);
    }
    match text.split_once(':') {
        Some((host, path)) if !host.is_empty() && !host.contains('/') && !path.is_empty() => {
            refuse_dashed_host(text, host)
        }
        Some(_) | None => Err(InvalidAddress::Shape(without_password(text))),
    }
}

/// `ssh://-oProxyCommand=…` would reach ssh as an option.
fn refuse_dashed_host(text: &str, rest: &str) -> Result<(), InvalidAddress> {
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.starts_with('-') || authority.starts_with('-') {
        return Err(InvalidAddress::Option(without_password(text)));
    }
    Ok(())
}

/// Whether an address leads to a place that only this machine knows: a `file` URL, or a path as Git tells it from
/// `host:path`.
pub fn is_local(address: &str) -> bool {
    if let Some((protocol, _)) = address.split_once("://") {
        return protocol.eq_ignore_ascii_case("file");
    }
    let is_drive = |host: &str, rest: &str| host.len() == 1 && rest.starts_with(['/', '\\']);
    address
        .split_once(':')
        .is_none_or(|(host, rest)| host.contains(['/', '\\']) || is_drive(host, rest))
}

/// The address as it may be shown and logged: `https://ada:secret@host/x` loses `:secret`.
pub fn without_password(address: &str) -> String {
    let Some((protocol, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let Some((user, host)) = rest[..end].rsplit_once('@') else {
        return address.to_owned();
    };
    let user = match user.split_once(':') {
        Some((name, _)) => name,
        // A token alone is as secret as a password; over ssh it is only a user's name.
        None if protocol == "ssh" || protocol == "git" => user,
        None => "…",
    };
    format!("{protocol}://{user}@{host}{}", &rest[end..])
}

impl fmt::Display for RemoteAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&without_password(&self.0))
    }
}

impl fmt::Debug for RemoteAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RemoteAddress({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_this_machine_is_told_from_an_address() {
        for text in [
            "/srv/a.git",
            "/srv/a:b.git",
            "../a",
            "./a:b",
            "~/a",
            "a.git",
            "C:\\work\\a",
            "C:/clones/a",
            "\\\\server\\share:a",
            "file:///srv/a.git",
            "FILE:///srv/a.git",
        ] {
            assert!(is_local(text), "{text}");
        }
        for text in [
            "https://git.example/a.git",
            "ssh://git@[::1]:22/a.git",
            "git@host:team/a.git",
            "host:/srv/a.git",
            "h:a.git",
        ] {
            assert!(!is_local(text), "{text}");
        }
    }

    #[test]
    fn known_protocols_and_full_paths_pass() {
        for text in [
            "https://git.example/a.git",
            "http://10.0.0.1:3000/a.git",
            "ssh://git@host:22/a.git",
            "git://host/a",
            "file:///srv/a.git",
            "git@host:team/a.git",
            "host:a.git",
            "/srv/a b.git",
            "ssh://git@[::1]:22/a.git",
        ] {
            assert!(text.parse::<RemoteAddress>().is_ok(), "{text}");
        }
    }

    #[test]
    fn what_would_run_something_is_refused_by_name() {
        // Fault 38: an address is never an option or a command.
        let error = |text: &str| text.parse::<RemoteAddress>().unwrap_err();
        for text in [
            "--upload-pack=touch x",
            "-x",
            "ssh://-oProxyCommand=x/a",
            "-oProxyCommand=x:a",
            "ssh://git@-x/a",
        ] {
            assert!(matches!(error(text), InvalidAddress::Option(_)), "{text}");
        }
        for text in [
            "ext::sh",
            "ext::/bin/sh",
            "fd::3",
            "ftp://host/a",
            "rsync://host/a",
            "EXT::x",
            "testgit::/x",
        ] {
            assert!(matches!(error(text), InvalidAddress::Protocol { .. }), "{text}");
        }
        for text in ["", "ext::sh -c 'touch x'", "https://host/a\nb", "host: a"] {
            assert!(matches!(error(text), InvalidAddress::Characters(_)), "{text:?}");
        }
        for text in ["a", "./a", "../a", "host:", ":a", "dir/a:b"] {
            assert!(matches!(error(text), InvalidAddress::Shape(_)), "{text}");
        }
    }

    #[test]
    fn no_password_is_ever_shown() {
        for (text, shown) in [
            ("https://ada:s3cret@host/a.git", "https://ada@host/a.git"),
            ("https://ghp_token@host/a.git", "https://…@host/a.git"),
            ("https://ada:p@ss@host/a.git", "https://ada@host/a.git"),
            ("ssh://git@host/a.git", "ssh://git@host/a.git"),
            ("git@host:a.git", "git@host:a.git"),
            ("https://host/a@b:c", "https://host/a@b:c"),
        ] {
            assert_eq!(text.parse::<RemoteAddress>().unwrap().to_string(), shown);
        }
    }
}
