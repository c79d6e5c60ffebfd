//! Numbers as people read them.

/// With a fixed number of decimals and commas between thousands; never `-0`.
pub(super) fn grouped(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let plain = format!("{value:.decimals$}");
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(rest) if rest.chars().any(|c| ('1'..='9').contains(&c)) => ("−", rest),
        Some(rest) => ("", rest),
        None => ("", plain.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// With about three significant digits: 0.123, 4.57, 46.8, 1,235; whole numbers without decimals.
pub(super) fn rounded(value: f64) -> String {
    let decimals = match value.abs() {
        v if v >= 100.0 || v.fract() == 0.0 => 0,
        v if v >= 10.0 => 1,
        v if v >= 1.0 => 2,
        _ => 3,
    };
    grouped(value, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_rounds() {
        assert_eq!(grouped(1_234_567.891, 2), "1,234,567.89");
        assert_eq!(grouped(-0.001, 1), "0.0");
        assert_eq!(grouped(-1234.0, 0), "−1,234");
        assert_eq!(grouped(f64::NAN, 1), "–");
        assert_eq!(rounded(0.12345), "0.123");
        assert_eq!(rounded(3.0), "3");
        assert_eq!(rounded(17.02), "17.0");
        assert_eq!(rounded(999.6), "1,000");
    }
}
