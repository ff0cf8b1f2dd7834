//! Which proxy leads to an API server, chosen as `kubectl` chooses it.
//!
//! `kube` holds NO_PROXY against the proxy's own address (5.0.0), so that with HTTPS_PROXY set a server inside the
//! house would be looked for outside of it; and a protocol that it does not speak is told as a lost connection.

use std::fmt;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

/// The proxies of the environment.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For servers with TLS: `HTTPS_PROXY`.
    pub https: Option<String>,
    /// For servers without: `HTTP_PROXY`.
    pub http: Option<String>,
    /// Hosts, domains and networks that are reached without: `NO_PROXY`.
    pub none: Option<String>,
}

impl fmt::Debug for Proxies {
    /// Leaves the addresses out: they may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxies")
            .field("none", &self.none)
            .finish_non_exhaustive()
    }
}

impl Proxies {
    /// By the names of the variables, large or small.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let of = |name: &str| {
            let either = [name.to_owned(), name.to_lowercase()];
            either
                .iter()
                .find_map(|name| variable(name).filter(|value| !value.trim().is_empty()))
        };
        Self {
            https: of("HTTPS_PROXY"),
            http: of("HTTP_PROXY"),
            none: of("NO_PROXY"),
        }
    }

    /// The proxy on the way to a server: the one that its kubeconfig names, whatever the environment says; else the
    /// environment's, but for hosts in NO_PROXY and for this machine.
    ///
    /// # Errors
    /// An address that is none, or a protocol that is not spoken; in words without the address.
    pub(super) fn to(&self, server: &Uri, named: Option<&str>) -> Result<Option<Uri>, String> {
        if let Some(named) = named.filter(|named| !named.is_empty()) {
            return parse(named).map(Some);
        }
        let fitting = if server.scheme_str() == Some("http") {
            &self.http
        } else {
            &self.https
        };
        match fitting {
            Some(proxy) if !self.is_direct(server) => parse(proxy).map(Some),
            Some(_) | None => Ok(None),
        }
    }

    fn is_direct(&self, server: &Uri) -> bool {
        let none = self.none.as_deref().unwrap_or_default();
        let items = none.split(',').filter_map(|item| of_port(item.trim(), server));
        let list: Vec<&str> = HERE
            .into_iter()
            .chain(items.map(|item| item.strip_prefix("*.").unwrap_or(item)))
            .collect();
        let matcher = Matcher::builder().all("http://proxy").no(list.join(",")).build();
        list.contains(&"*") || matcher.intercept(server).is_none()
    }
}

/// What is always reached without a proxy.
const HERE: [&str; 3] = ["localhost", "127.0.0.0/8", "::1"];

/// An entry of NO_PROXY without its port; `None`: it is for another port than the server's.
fn of_port<'i>(item: &'i str, server: &Uri) -> Option<&'i str> {
    match item.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => {
            (port.parse() == Ok(server.port_u16().unwrap_or(443))).then_some(host)
        }
        _ => Some(item),
    }
}

fn parse(proxy: &str) -> Result<Uri, String> {
    let whole = if proxy.contains("://") {
        proxy.to_owned()
    } else {
        format!("http://{proxy}")
    };
    let address: Uri = whole
        .parse()
        .map_err(|_| "the proxy's address is none".to_owned())?;
    match address.scheme_str() {
        Some("http" | "https" | "socks5") => Ok(address),
        other => {
            let scheme = other.unwrap_or_default();
            Err(format!(
                "the proxy's protocol {scheme} is not spoken: http, https and socks5 are"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(none: &str) -> Proxies {
        Proxies {
            https: Some("http://lena:secret@proxy.example:3128".to_owned()),
            http: Some("plain.example:3128".to_owned()),
            none: Some(none.to_owned()),
        }
    }

    fn way(none: &str, server: &str, named: Option<&str>) -> Result<Option<String>, String> {
        let way = proxies(none).to(&server.parse().unwrap(), named)?;
        Ok(way.map(|uri| uri.host().unwrap_or_default().to_owned()))
    }

    /// As Go's `httpproxy`, by which `kubectl` goes, documents it.
    #[test]
    fn the_server_is_held_against_no_proxy_and_a_named_proxy_is_not() {
        let outside = Ok(Some("proxy.example".to_owned()));
        let table = [
            ("", "https://api.prod.internal:6443", None, outside.clone()),
            (
                "proxy.example",
                "https://api.prod.internal:6443",
                None,
                outside.clone(),
            ),
            (
                "corp.example,.internal",
                "https://api.prod.internal:6443",
                None,
                Ok(None),
            ),
            ("internal", "https://api.prod.internal:6443", None, Ok(None)),
            (
                "internal,",
                "https://api.prod.external:6443",
                None,
                outside.clone(),
            ),
            (
                "elsewhere,,internal, ,",
                "https://api.prod.internal:6443",
                None,
                Ok(None),
            ),
            (
                "elsewhere,,internal, ,",
                "https://api.prod.external:6443",
                None,
                outside.clone(),
            ),
            ("10.0.0.0/8", "https://10.20.4.10:6443", None, Ok(None)),
            ("10.0.0.0/8", "https://11.20.4.10:6443", None, outside.clone()),
            ("*.internal", "https://api.prod.internal:6443", None, Ok(None)),
            ("internal:6443", "https://api.prod.internal:6443", None, Ok(None)),
            (
                "internal:443",
                "https://api.prod.internal:6443",
                None,
                outside.clone(),
            ),
            ("*", "https://10.20.4.10:6443", None, Ok(None)),
            ("", "https://127.0.0.1:6443", None, Ok(None)),
            ("", "https://[::1]:6443", None, Ok(None)),
            ("", "https://localhost:6443", None, Ok(None)),
            ("", "http://api:8080", None, Ok(Some("plain.example".to_owned()))),
            (
                "*",
                "https://api:6443",
                Some("socks5://bastion.example:1080"),
                Ok(Some("bastion.example".to_owned())),
            ),
        ];
        for (none, server, named, expected) in table {
            assert_eq!(way(none, server, named), expected, "{none} {server}");
        }
    }

    #[test]
    fn what_is_not_spoken_is_named_without_the_address() {
        let problem = way("", "https://api:6443", Some("ftp://lena:secret@proxy.example")).unwrap_err();
        assert!(
            problem.contains("ftp") && !problem.contains("secret"),
            "{problem}"
        );
        assert!(way("", "https://api:6443", Some("http://a b")).is_err());
        assert!(!format!("{:?}", proxies("")).contains("secret"));
    }

    #[test]
    fn variables_count_large_and_small_and_not_when_empty() {
        let variable = |name: &str| match name {
            "HTTPS_PROXY" => Some(String::new()),
            "https_proxy" => Some("small".to_owned()),
            "NO_PROXY" => Some("large".to_owned()),
            _ => None,
        };
        let read = Proxies::from_environment(variable);
        assert_eq!(
            (read.https.as_deref(), read.http, read.none.as_deref()),
            (Some("small"), None, Some("large"))
        );
    }
}
