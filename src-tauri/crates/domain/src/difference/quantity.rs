//! Kubernetes quantities as people read them: `268435456`, `256Mi` and `0.25Gi` are all 256 MiB.
//!
//! The grammar is that of `k8s.io/apimachinery/pkg/api/resource`. Lacks on purpose: arithmetic on quantities beyond
//! that of `f64`, which is exact for whole bytes up to 8 PiB.

/// A quantity for reading, rounded to at most three decimals.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// The number in that unit.
    pub number: f64,
    /// The unit.
    pub unit: AmountUnit,
}

/// The unit of an [`Amount`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AmountUnit {
    /// Bytes, below one KiB.
    Byte,
    /// 1,024 bytes.
    KiB,
    /// 1,024 KiB.
    MiB,
    /// 1,024 MiB.
    GiB,
    /// 1,024 GiB.
    TiB,
    /// CPU cores.
    Core,
    /// Anything that is counted (`nvidia.com/gpu`).
    Count,
}

/// Reads `text` as a quantity of `resource`; `None` if it is none. Bytes come in the largest binary unit of which
/// there is at least one.
pub fn amount(resource: &str, text: &str) -> Option<Amount> {
    let number = quantity(text)?;
    let is_bytes =
        resource == "memory" || resource.ends_with("storage") || resource.starts_with("hugepages-");
    Some(match resource {
        "cpu" => rounded(number, AmountUnit::Core),
        _ if is_bytes => bytes(number),
        _ => rounded(number, AmountUnit::Count),
    })
}

fn bytes(number: f64) -> Amount {
    let units = [AmountUnit::KiB, AmountUnit::MiB, AmountUnit::GiB, AmountUnit::TiB];
    let mut amount = (number, AmountUnit::Byte);
    for unit in units {
        if amount.0.abs() < 1024.0 {
            break;
        }
        amount = (amount.0 / 1024.0, unit);
    }
    rounded(amount.0, amount.1)
}

fn rounded(number: f64, unit: AmountUnit) -> Amount {
    Amount {
        number: (number * 1000.0).round() / 1000.0,
        unit,
    }
}

/// The number that a quantity stands for: cores, bytes, a count. `None` if it is none.
pub fn quantity(text: &str) -> Option<f64> {
    let at = text
        .find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, '.' | '+' | '-')))
        .unwrap_or(text.len());
    let (digits, suffix) = text.split_at(at);
    let number: f64 = digits.parse().ok()?;
    let factor = match suffix {
        "" => 1.0,
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1024.0_f64.powi(2),
        "Gi" => 1024.0_f64.powi(3),
        "Ti" => 1024.0_f64.powi(4),
        "Pi" => 1024.0_f64.powi(5),
        "Ei" => 1024.0_f64.powi(6),
        exponent => {
            let power: i32 = exponent.strip_prefix(['e', 'E'])?.parse().ok()?;
            10.0_f64.powi(power)
        }
    };
    Some(number * factor).filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_read_as_people_say_them() {
        let table = [
            ("memory", "256Mi", 256.0, AmountUnit::MiB),
            ("memory", "268435456", 256.0, AmountUnit::MiB),
            ("memory", "0.25Gi", 256.0, AmountUnit::MiB),
            ("memory", "512M", 488.281, AmountUnit::MiB),
            ("memory", "1e3", 1000.0, AmountUnit::Byte),
            ("ephemeral-storage", "2Ti", 2.0, AmountUnit::TiB),
            ("cpu", "500m", 0.5, AmountUnit::Core),
            ("cpu", "2", 2.0, AmountUnit::Core),
            ("nvidia.com/gpu", "1", 1.0, AmountUnit::Count),
        ];
        for (resource, text, number, unit) in table {
            assert_eq!(
                amount(resource, text),
                Some(Amount { number, unit }),
                "{resource} {text}"
            );
        }
        for text in ["", "Mi", "1Xi", "1e", "1e999", "--1"] {
            assert_eq!(amount("memory", text), None, "{text}");
        }
    }
}
