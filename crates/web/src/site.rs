//! Whose pages they are: the department's name, its hours, its promise. A file that the site writes.

use cartulary_casework::contact::Hours;
use jiff::{
    civil::{Date, Time},
    tz::TimeZone,
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The site. Each text is by language, `en` and `zh`.
#[derive(Clone, Debug)]
pub struct Site {
    /// The department's name.
    pub name: BTreeMap<String, String>,
    /// Where it is: hospital, city, country.
    pub place: BTreeMap<String, String>,
    /// How to reach it: a telephone number.
    pub phone: String,
    /// A mail address.
    pub mail: String,
    /// Who answers for personal data.
    pub data_officer: String,
    /// When it works and what it promises.
    pub hours: Hours,
    /// The version of the notice that senders are shown.
    pub notice: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: BTreeMap<String, String>,
    place: BTreeMap<String, String>,
    phone: String,
    mail: String,
    data_officer: String,
    notice: String,
    time_zone: String,
    days: Vec<String>,
    from: String,
    to: String,
    #[serde(default)]
    holidays: Vec<String>,
    answer_within_hours: i64,
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// What stands where nobody wrote a file.
const PLAIN: &str = include_str!("../site.toml");

impl Site {
    /// The site of a file.
    ///
    /// # Errors
    ///
    /// Says which field is wrong and what it should be.
    pub fn read(text: &str) -> Result<Self, String> {
        let written: Written = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        let time = |what: &str, text: &str| -> Result<Time, String> {
            format!("{text}:00").parse().map_err(|_| format!("{what} = \"{text}\": write it as 09:00"))
        };
        let (from, to) = (time("from", &written.from)?, time("to", &written.to)?);
        if to <= from {
            return Err(format!("to = \"{}\" is not after from = \"{}\"", written.to, written.from));
        }
        let zone = TimeZone::get(&written.time_zone).map_err(|_| {
            format!("time_zone = \"{}\": write a name such as Asia/Shanghai", written.time_zone)
        })?;
        let days = written.days.iter().map(|day| day_of_week(day)).collect::<Result<BTreeSet<i8>, _>>()?;
        let holiday = |day: &String| -> Result<Date, String> {
            day.parse().map_err(|_| format!("holidays: \"{day}\" is no day: write it as 2026-10-01"))
        };
        let holidays = written.holidays.iter().map(holiday).collect::<Result<BTreeSet<Date>, _>>()?;
        if days.is_empty() || written.answer_within_hours < 1 {
            return Err("days and answer_within_hours must not be empty: nobody would ever answer".to_owned());
        }
        let promise_s = written.answer_within_hours * 3_600;
        let hours = Hours { zone, days, from, to, holidays, promise_s };
        let Written { name, place, phone, mail, data_officer, notice, .. } = written;
        Ok(Self { name, place, phone, mail, data_officer, hours, notice })
    }

    /// The example clinic.
    pub fn plain() -> Self {
        // The file stands in the programme and a test reads it.
        Self::read(PLAIN).unwrap_or_else(|_| Self {
            name: BTreeMap::new(),
            place: BTreeMap::new(),
            phone: String::new(),
            mail: String::new(),
            data_officer: String::new(),
            hours: Hours::plain(),
            notice: String::new(),
        })
    }

    /// The name in a language; in English where the site has no other.
    pub fn name_in(&self, lang: &str) -> &str {
        in_language(&self.name, lang)
    }

    /// The place in a language.
    pub fn place_in(&self, lang: &str) -> &str {
        in_language(&self.place, lang)
    }

    /// Hours of work within which the first answer is promised.
    pub fn promise_hours(&self) -> i64 {
        self.hours.promise_s / 3_600
    }
}

fn in_language<'a>(texts: &'a BTreeMap<String, String>, lang: &str) -> &'a str {
    texts.get(lang).or_else(|| texts.get("en")).or_else(|| texts.values().next()).map_or("", String::as_str)
}

fn day_of_week(day: &str) -> Result<i8, String> {
    let place = DAYS.iter().position(|of| *of == day).and_then(|place| i8::try_from(place + 1).ok());
    place.ok_or_else(|| format!("days: \"{day}\" is none of {}", DAYS.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_clinic_is_whole() {
        let site = Site::read(PLAIN).unwrap();
        assert!(!site.name_in("en").is_empty() && !site.name_in("zh").is_empty());
        assert_eq!(site.name_in("fr"), site.name_in("en"));
        assert_eq!(site.promise_hours(), 16);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (from, to, word) in [
            ("Asia/Shanghai", "Asia/Nowhere", "Asia/Nowhere"),
            ("17:00", "08:00", "not after"),
            ("\"mon\"", "\"monday\"", "monday"),
            ("answer_within_hours = 16", "answer_within_hours = 0", "nobody would ever answer"),
            ("phone =", "fone =", "fone"),
        ] {
            let error = Site::read(&PLAIN.replace(from, to)).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
    }
}
