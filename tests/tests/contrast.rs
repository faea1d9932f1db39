//! Texts can be read on every surface they stand on, in both themes; marks can be told from it.

use std::collections::BTreeMap;

/// All colours of the page.
const TOKENS: &str = include_str!("../../static/css/tokens.css");

/// Red, green and blue, 0 to 255.
type Colour = [f64; 3];

/// Tokens with a light and a dark side.
fn pairs() -> BTreeMap<String, [Colour; 2]> {
    let read = |hex: &str| -> Option<Colour> {
        // What shines through is no ground for a text.
        let hex = hex.trim().strip_prefix('#').filter(|hex| hex.len() == 6)?;
        let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok().map(f64::from);
        Some([part(0)?, part(2)?, part(4)?])
    };
    let pair = |line: &str| {
        let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
        let (light, dark) = value.strip_suffix(");")?.split_once(',')?;
        Some((name.to_owned(), [read(light)?, read(dark)?]))
    };
    TOKENS.lines().filter_map(pair).collect()
}

/// Relative luminance, as WCAG 2 defines it.
fn luminance(colour: Colour) -> f64 {
    let linear = colour.map(|part| {
        let part = part / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// What stands on what, and the least contrast between them.
const STANDS_ON: &[(&str, &str, f64)] = &[
    ("ink ink-2 ink-3", "ground paper sunken raised", 4.5),
    ("ink ink-2", "accent-wash holds-wash fails-wash missing-wash hairline", 4.5),
    ("accent", "ground paper sunken raised accent-wash", 4.5),
    ("accent-ink", "accent", 4.5),
    ("holds fails missing caution", "paper sunken raised", 4.5),
    ("holds", "holds-wash", 4.5),
    ("fails", "fails-wash", 4.5),
    ("missing", "missing-wash accent-wash", 4.5),
    ("code-string code-quiet", "paper sunken raised", 4.5),
    ("code-string", "accent-wash fails-wash", 4.5),
    ("paper", "holds", 4.5),
    ("holds-cell holds fails missing", "paper sunken accent-wash", 3.0),
];

#[test]
fn every_text_can_be_read_on_its_ground_in_both_themes() {
    let pairs = pairs();
    let of = |name: &str| *pairs.get(name).unwrap_or_else(|| panic!("no token `{name}`"));
    let mut wrong = Vec::new();
    for (texts, grounds, least) in STANDS_ON {
        for (text, ground) in
            texts.split(' ').flat_map(|text| grounds.split(' ').map(move |ground| (text, ground)))
        {
            for (theme, side) in ["light", "dark"].into_iter().enumerate().map(|(at, it)| (it, at))
            {
                let ratio = contrast(of(text)[side], of(ground)[side]);
                if ratio < *least {
                    wrong.push(format!("{theme}: {text} on {ground} {ratio:.2}, not {least}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_measure_is_the_known_one() {
    assert!((contrast([0.0; 3], [255.0; 3]) - 21.0).abs() < 1e-9);
    assert!((contrast([119.0; 3], [255.0; 3]) - 4.478).abs() < 1e-2);
}
