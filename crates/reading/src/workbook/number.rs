//! Numbers and days as a sheet shows them. The file keeps 0.8 where the sheet shows 80%.

use calamine::ExcelDateTime;

/// Digits of which a sheet shows no more.
const DIGITS: usize = 15;

/// A number in the format of its cell; as it is where the format is not understood.
///
/// Separators of thousands are left out: 1,234 is one and a quarter to half of the world.
pub(crate) fn formatted(value: f64, format: Option<&str>) -> String {
    let pattern = format.filter(|format| !format.eq_ignore_ascii_case("general")).and_then(|format| {
        let negative = format.split(';').nth(1).filter(|_| value < 0.0);
        Pattern::of(negative.unwrap_or_else(|| format.split(';').next().unwrap_or_default()))
            .map(|pattern| (pattern, negative.is_some()))
    });
    match pattern {
        Some((pattern, true)) => pattern.write(value.abs()),
        Some((pattern, false)) => pattern.write(value),
        None => plain(value),
    }
}

/// A number without the noise of binary fractions: 0.1 + 0.2 is 0.3.
fn plain(value: f64) -> String {
    let rounded: f64 = format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value);
    if rounded != 0.0 && (rounded.abs() >= 1e21 || rounded.abs() < 1e-9) {
        format!("{rounded:e}")
    } else {
        rounded.to_string()
    }
}

/// Digits and what stands around them.
#[derive(Debug, PartialEq)]
struct Pattern {
    before: String,
    /// The fewest and the most digits after the point.
    decimals: (usize, usize),
    hundredfold: bool,
    exponent: bool,
    after: String,
}

impl Pattern {
    /// The pattern of a simple format; nothing for fractions, conditions, texts.
    fn of(format: &str) -> Option<Self> {
        let mut pattern = Self {
            before: String::new(),
            decimals: (0, 0),
            hundredfold: false,
            exponent: false,
            after: String::new(),
        };
        let (mut any_digit, mut past_point) = (false, false);
        let mut chars = format.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '0' | '#' if pattern.exponent => {}
                '0' | '#' => {
                    any_digit = true;
                    if past_point {
                        pattern.decimals.1 += 1;
                        pattern.decimals.0 = if c == '0' { pattern.decimals.1 } else { pattern.decimals.0 };
                    }
                }
                '.' if any_digit && !past_point => past_point = true,
                ',' => {}
                'E' | 'e' => pattern.exponent = true,
                '+' | '-' if pattern.exponent => {}
                '%' => {
                    pattern.hundredfold = true;
                    pattern.literal('%', any_digit);
                }
                '"' => chars.by_ref().take_while(|c| *c != '"').for_each(|c| pattern.literal(c, any_digit)),
                '\\' => pattern.literal(chars.next()?, any_digit),
                // Room as wide as a character, or filled with it.
                '_' | '*' => {
                    chars.next();
                }
                // Colours; conditions and currencies are more than this understands.
                '[' => {
                    let inner: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    let is_colour = inner.chars().all(char::is_alphabetic);
                    is_colour.then_some(())?;
                }
                ' ' | '(' | ')' | '-' | '+' | '<' | '>' | '≤' | '≥' | '/' | ':' if c != '/' && c != ':' =>
                {
                    pattern.literal(c, any_digit);
                }
                _ => return None,
            }
        }
        any_digit.then_some(pattern)
    }

    fn literal(&mut self, c: char, after: bool) {
        if after { self.after.push(c) } else { self.before.push(c) }
    }

    fn write(&self, value: f64) -> String {
        let value = if self.hundredfold { value * 100.0 } else { value };
        let (fewest, most) = self.decimals;
        let digits = if self.exponent { format!("{value:.most$e}") } else { format!("{value:.most$}") };
        let digits =
            if most > fewest && !self.exponent { shortened(&digits, most - fewest) } else { &digits };
        let digits = digits.trim_end_matches('.');
        // Minus nothing is nothing.
        let is_zero = digits.starts_with('-') && digits.chars().all(|c| matches!(c, '-' | '0' | '.'));
        let digits = if is_zero { &digits[1..] } else { digits };
        format!("{}{digits}{}", self.before, self.after).trim().to_owned()
    }
}

/// Without zeros at its end, at most so many.
fn shortened(digits: &str, most: usize) -> &str {
    let zeros = digits.bytes().rev().take(most).take_while(|byte| *byte == b'0').count();
    &digits[..digits.len() - zeros]
}

/// A day in the form of the standard; with the time where there is one; a month where the sheet shows no day.
pub(crate) fn moment(moment: &ExcelDateTime, format: Option<&str>) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if moment.is_duration() {
        return plain(moment.as_f64() * 24.0) + " h";
    }
    let clock = format!("{hour:02}:{minute:02}");
    if moment.as_f64() < 1.0 {
        return clock;
    }
    let unquoted: String = format.unwrap_or("yyyy-mm-dd").split('"').step_by(2).collect();
    let shows = |letter: char| unquoted.to_ascii_lowercase().contains(letter);
    let date = match (shows('y'), shows('d')) {
        (true, false) => format!("{year:04}-{month:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}"),
    };
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {clock}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    #[test]
    fn numbers_are_what_the_sheet_shows() {
        let table: &[(f64, &str, &str)] = &[
            (0.1 + 0.2, "General", "0.3"),
            (45.0, "General", "45"),
            (1e-7, "General", "0.0000001"),
            (110_101_199_003_074_000.0, "0", "110101199003074000"),
            (0.8, "0%", "80%"),
            (0.1234, "0.0%", "12.3%"),
            (3.0, "0.00", "3.00"),
            (1234.5, "#,##0.00", "1234.50"),
            (-3.25, "0.0_);(0.0)", "(3.2)"),
            (-3.0, "0.0;[Red]-0.0", "-3.0"),
            (6.1, "0.0\" ×10^9/L\"", "6.1 ×10^9/L"),
            (5.0, "\"<\"0", "<5"),
            (2.5, "0.##", "2.5"),
            (12_345.0, "0.00E+00", "1.23e4"),
            (0.5, "# ?/?", "0.5"),
            (7.0, "[>5]0", "7"),
            (-0.001, "0.0", "0.0"),
        ];
        for (value, format, expected) in table {
            assert_eq!(formatted(*value, Some(format)), *expected, "{value} as {format}");
        }
        assert_eq!(formatted(102.0, None), "102");
    }

    #[test]
    fn days_are_iso_days_and_months_stay_months() {
        let at = |value| ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false);
        assert_eq!(moment(&at(45_356.0), Some("mm-dd-yy")), "2024-03-05");
        assert_eq!(moment(&at(45_356.5), None), "2024-03-05 12:00");
        assert_eq!(moment(&at(45_352.0), Some("yyyy\"年\"m\"月\"")), "2024-03");
        assert_eq!(moment(&at(0.25), Some("h:mm")), "06:00");
    }
}
