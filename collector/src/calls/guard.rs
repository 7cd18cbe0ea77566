//! Where calls may go: to addresses of the public internet, and to hosts that were allowed by name (OWASP ASVS 5.0 §1.3.6, §15.3.2).
//!
//! In scope: judging addresses and names. Out of scope: connecting (`mod`), who may allow a host (`cli`).
//!
//! Invariant: a name is resolved once, every address that it has is judged, and the connection goes to one of those. So neither a
//! name that leads inside nor one that changes its mind in between gets through.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use hyper::Uri;

/// Where calls may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Wherever the settings of this very machine say.
    Anywhere,
    /// Over HTTPS to the public internet; beside that, also over plain HTTP and also inside, to hosts with these names.
    Public {
        /// Names or addresses, as [`bare`] spells them.
        allowed: Vec<String>,
    },
}

/// Why a call is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// It would not be encrypted.
    #[error("not over https")]
    Scheme,
    /// There is no host, or there is more than host, port and path.
    #[error("not an address of host and path")]
    Shape,
    /// It leads to this machine, a private network, or nowhere.
    #[error("not an address of the public internet")]
    Inside,
}

impl Reach {
    /// Judges an address before anything is resolved.
    ///
    /// # Errors
    ///
    /// [`Forbidden`].
    pub fn admits(&self, uri: &Uri) -> Result<(), Forbidden> {
        let host = bare(uri.host().filter(|host| !host.is_empty()).ok_or(Forbidden::Shape)?);
        if uri.authority().is_none_or(|authority| authority.as_str().contains('@')) {
            return Err(Forbidden::Shape);
        }
        match (uri.scheme_str(), self.names(&host)) {
            (Some("https"), _) | (Some("http"), true) => {}
            _ => return Err(Forbidden::Scheme),
        }
        match host.parse::<IpAddr>() {
            Ok(address) => self.admits_all(&host, &[SocketAddr::new(address, 0)]),
            Err(_) => Ok(()),
        }
    }

    /// Judges all addresses that a name has.
    ///
    /// # Errors
    ///
    /// [`Forbidden::Inside`] when one of them is.
    pub fn admits_all(&self, host: &str, found: &[SocketAddr]) -> Result<(), Forbidden> {
        let admitted = self.names(&bare(host)) || found.iter().all(|address| is_public(address.ip()));
        if admitted { Ok(()) } else { Err(Forbidden::Inside) }
    }

    fn names(&self, host: &str) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Public { allowed } => allowed.iter().any(|name| name == host),
        }
    }
}

/// The one spelling of a host: lower case, without the brackets of IPv6 and without a dot at the end.
#[must_use]
pub fn bare(host: &str) -> String {
    let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.').to_ascii_lowercase();
    host.parse::<IpAddr>().map_or(host, |address| address.to_string())
}

/// Whether an address is one of the public internet: in no range of the IANA special-purpose registries (RFC 6890), and no
/// multicast. Whatever carries an IPv4 address inside an IPv6 one is none, whichever that is.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !NOT_PUBLIC_4.iter().any(|range| within_4(address, *range)),
        IpAddr::V6(address) => {
            within_6(address, GLOBAL_6) && !NOT_PUBLIC_6.iter().any(|range| within_6(address, *range))
        }
    }
}

const NOT_PUBLIC_4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Link-local; metadata services of clouds are here.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// All that is given out for the public internet is in here: loopback, mapped IPv4, NAT64, link-local, unique local and multicast are not.
const GLOBAL_6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

const NOT_PUBLIC_6: [(Ipv6Addr, u32); 4] = [
    // Protocol assignments, with Teredo in them.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    // 6to4: an IPv4 address follows.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

fn within_4(address: Ipv4Addr, (range, bits): (Ipv4Addr, u32)) -> bool {
    (address.to_bits() ^ range.to_bits()).leading_zeros() >= bits
}

fn within_6(address: Ipv6Addr, (range, bits): (Ipv6Addr, u32)) -> bool {
    (address.to_bits() ^ range.to_bits()).leading_zeros() >= bits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public() -> Reach {
        Reach::Public { allowed: vec!["tool.test".into(), "10.0.0.5".into(), "::1".into()] }
    }

    #[track_caller]
    fn check(url: &str, expected: Result<(), Forbidden>) {
        assert_eq!(public().admits(&url.parse().unwrap()), expected, "{url}");
    }

    #[test]
    fn addresses_inside_are_told_from_those_of_the_public_internet() {
        for inside in [
            "0.0.0.0",
            "0.1.2.3",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.9",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fd00:ec2::254",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in [
            "1.1.1.1",
            "100.63.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "198.20.0.1",
            "223.255.255.255",
            "2001:4860:4860::8888",
            "2a00:1450::1",
            "2606:4700::1111",
            "2001:200::1",
        ] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn an_address_is_judged_before_anybody_is_asked_for_it() {
        check("https://tool.example/hook", Ok(()));
        check("https://1.1.1.1/", Ok(()));
        check("https://[2606:4700::1111]:8443/", Ok(()));
        check("http://tool.example/", Err(Forbidden::Scheme));
        check("ftp://tool.example/", Err(Forbidden::Scheme));
        check("/hook", Err(Forbidden::Shape));
        check("https://user:word@tool.example/", Err(Forbidden::Shape));
        check("https://127.0.0.1/", Err(Forbidden::Inside));
        check("https://[::ffff:10.0.0.5]/", Err(Forbidden::Inside));
        check("https://[fe80::1]/", Err(Forbidden::Inside));
    }

    #[test]
    fn who_is_allowed_by_name_is_reached_inside_and_without_encryption() {
        check("http://tool.test:9000/", Ok(()));
        check("http://TOOL.test./", Ok(()));
        check("https://10.0.0.5/", Ok(()));
        check("http://[0:0:0:0:0:0:0:1]:80/", Ok(()));
        check("https://10.0.0.6/", Err(Forbidden::Inside));
        check("https://evil-tool.test/", Ok(()));
        let inside: SocketAddr = "127.0.0.1:0".parse().unwrap();
        assert_eq!(public().admits_all("evil-tool.test", &[inside]), Err(Forbidden::Inside));
        assert_eq!(public().admits_all("tool.test", &[inside]), Ok(()));
    }

    #[test]
    fn one_address_inside_spoils_a_name() {
        let found = ["1.1.1.1:0".parse().unwrap(), "10.0.0.1:0".parse().unwrap()];
        assert_eq!(public().admits_all("tool.example", &found), Err(Forbidden::Inside));
        assert_eq!(public().admits_all("tool.example", &found[..1]), Ok(()));
        assert_eq!(Reach::Anywhere.admits_all("tool.example", &found), Ok(()));
    }
}
