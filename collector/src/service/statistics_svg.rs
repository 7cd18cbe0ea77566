//! Statistics as a small picture: for each purpose a strip of bars, given above a line and stopped below it.
//!
//! In scope: drawing. Out of scope: the numbers (`service::statistics`), which come here with what is too small held back.
//!
//! Invariant: whatever the picture shows is also said in its description, so it can be read without seeing it; nothing depends on
//! colour alone; it is drawn for light and dark.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use shared::Language;

use super::statistics::{Row, Statistics};

const WIDTH: usize = 720;
const MARGIN: usize = 16;
/// The height of one purpose's strip, with its words.
const STRIP: usize = 140;
/// Where in a strip the line is, and how long the longest bar is above it; below it there is as much room, with the dates.
const LINE: usize = 80;
const BAR_MAX: usize = 44;

const STYLE: &str = "svg{color-scheme:light dark}.paper{fill:#fff}text{fill:#1d1d1b;font:14px system-ui,sans-serif}.small{font-size:12px}\
    .given{fill:#1d6b42}.stopped{fill:#a8401f}.line{stroke:#6b6b66}\
    @media (prefers-color-scheme:dark){.paper{fill:#191917}text{fill:#f2f1ec}.given{fill:#6cc596}.stopped{fill:#f0916f}.line{stroke:#9a9a93}}";

/// The words of the picture.
struct Words {
    title: &'static str,
    given: &'static str,
    stopped: &'static str,
    nothing: &'static str,
    rounded: &'static str,
    until: &'static str,
}

const fn words(language: Language) -> Words {
    match language {
        Language::Nl => Words {
            title: "Toestemming per doel",
            given: "gegeven",
            stopped: "gestopt of verlopen",
            nothing: "In deze tijd is er niets geteld.",
            rounded: "Een + achter een getal: er zit iets onder de 5 in, en het is naar beneden afgerond op vijven.",
            until: "tot en met",
        },
        Language::En | Language::Ar => Words {
            title: "Consent per purpose",
            given: "given",
            stopped: "stopped or expired",
            nothing: "Nothing was counted in this time.",
            rounded: "A + behind a number: something under 5 is in it, and it is rounded down to a multiple of five.",
            until: "up to and including",
        },
    }
}

/// One purpose's strip.
#[derive(Default)]
struct Strip {
    bars: BTreeMap<String, (u64, u64)>,
    given: Total,
    stopped: Total,
}

/// A sum, and whether something in it is rounded down.
#[derive(Default)]
struct Total(u64, bool);

impl Total {
    fn add(&mut self, row: &Row, kinds: &[&str]) -> u64 {
        let count: u64 = kinds.iter().filter_map(|kind| row.counts.get(kind)).sum();
        self.0 += count;
        self.1 |= kinds.iter().any(|kind| row.rounded.contains(kind));
        count
    }
}

impl std::fmt::Display for Total {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.0, if self.1 { "+" } else { "" })
    }
}

impl Strip {
    fn add(&mut self, row: &Row) {
        let (given, stopped) =
            (self.given.add(row, &["given", "confirmed"]), self.stopped.add(row, &["withdrawn", "expired"]));
        let bar = self.bars.entry(row.when.clone().unwrap_or_default()).or_default();
        bar.0 += given;
        bar.1 += stopped;
    }

    fn words(&self, words: &Words) -> String {
        format!("{} {}, {} {}", self.given, words.given, self.stopped, words.stopped)
    }
}

/// Draws statistics that are kept apart by day or month.
#[must_use]
pub fn draw(statistics: &Statistics, language: Language) -> String {
    let words = words(language);
    let mut strips: BTreeMap<&str, Strip> = BTreeMap::new();
    for row in &statistics.rows {
        strips.entry(&row.purpose).or_default().add(row);
    }
    let height = 2 * MARGIN + 48 + strips.len().max(1) * STRIP;
    let title = format!("{}, {} {} {}", words.title, statistics.from, words.until, statistics.until);
    let said = |(purpose, strip): (&&str, &Strip)| format!("{purpose}: {}.", strip.words(&words));
    let mut description: Vec<String> = strips.iter().map(said).collect();
    if strips.is_empty() {
        description.push(words.nothing.into());
    }
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"t d\" lang=\"{}\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\"><title id=\"t\">{title}</title><desc id=\"d\">{}</desc><style>{STYLE}</style>\
         <rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\"/><text x=\"{MARGIN}\" y=\"{}\">{title}</text>",
        language.tag(),
        description.join(" "),
        MARGIN + 14,
    );
    let moments: BTreeSet<&String> = strips.values().flat_map(|strip| strip.bars.keys()).collect();
    let moments: Vec<&String> = moments.into_iter().collect();
    for (at, (purpose, strip)) in strips.iter().enumerate() {
        draw_strip(&mut svg, MARGIN + 24 + at * STRIP, (purpose, strip), &moments, &words);
    }
    let foot = if strips.is_empty() { words.nothing } else { words.rounded };
    // Writing to a string cannot fail.
    let _ = write!(svg, "<text class=\"small\" x=\"{MARGIN}\" y=\"{}\">{foot}</text></svg>", height - MARGIN);
    svg
}

fn draw_strip(
    svg: &mut String,
    top: usize,
    (purpose, strip): (&str, &Strip),
    moments: &[&String],
    words: &Words,
) {
    let line = top + LINE;
    let most = strip.bars.values().map(|(given, stopped)| (*given).max(*stopped)).max().unwrap_or_default();
    let step = (WIDTH - 2 * MARGIN) as f64 / moments.len().max(1) as f64;
    // Bars of a few days are no slabs.
    let width = (step * 0.8).clamp(0.5, 24.0);
    let _ = write!(
        svg,
        "<text x=\"{MARGIN}\" y=\"{}\">{purpose}: {}</text><line class=\"line\" x1=\"{MARGIN}\" x2=\"{}\" y1=\"{line}\" y2=\"{line}\"/>",
        top + 20,
        strip.words(words),
        WIDTH - MARGIN,
    );
    let ends = [
        moments.first().map(|first| (first, MARGIN, "start")),
        moments.last().map(|last| (last, WIDTH - MARGIN, "end")),
    ];
    for (moment, x, anchor) in ends.into_iter().flatten().take(moments.len()) {
        let y = line + BAR_MAX;
        let _ =
            write!(svg, "<text class=\"small\" text-anchor=\"{anchor}\" x=\"{x}\" y=\"{y}\">{moment}</text>");
    }
    for (at, moment) in moments.iter().enumerate() {
        let Some((given, stopped)) = strip.bars.get(*moment) else { continue };
        let x = MARGIN as f64 + at as f64 * step;
        let tall = |count: u64| count as f64 * BAR_MAX as f64 / most.max(1) as f64;
        for (class, count, y) in
            [("given", *given, line as f64 - tall(*given)), ("stopped", *stopped, line as f64)]
        {
            if count > 0 {
                let height = tall(count);
                let _ = write!(
                    svg,
                    "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"><title>{moment}: {count}</title></rect>"
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(when: &str, given: u64, withdrawn: u64, rounded: &[&'static str]) -> Row {
        Row {
            when: Some(when.into()),
            purpose: "letter".into(),
            form: None,
            language: None,
            counts: BTreeMap::from_iter([("given", given), ("withdrawn", withdrawn), ("expired", 0)]),
            rounded: rounded.to_vec(),
        }
    }

    #[test]
    fn what_is_drawn_is_said_too() {
        let rows = vec![row("2026-11-01", 12, 0, &[]), row("2026-11-02", 5, 0, &["withdrawn"])];
        let (from, until) = ("2026-11-01".into(), "2026-11-02".into());
        let mut statistics = Statistics { from, until, fewer_than: 5, note: "", rows };
        let svg = draw(&statistics, Language::En);
        assert!(svg.contains("<desc id=\"d\">letter: 17 given, 0+ stopped or expired.</desc>"), "{svg}");
        assert!(svg.contains("<title>2026-11-01: 12</title>") && svg.contains("lang=\"en\""), "{svg}");
        assert_eq!(svg.matches("class=\"given\"").count(), 2);
        statistics.rows.clear();
        assert!(draw(&statistics, Language::Nl).contains("niets geteld"));
    }
}
