//! One picture of the table: what a push costs, by the length of the list. Both axes are logarithmic.
use crate::{
    clock::Timed,
    edit::Kind,
    table::{Row, grouped, time},
};
use std::fmt::Write;

/// Where the axes are, in pixels: the corners of what they enclose.
const LEFT: f64 = 70.0;
const RIGHT: f64 = 510.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 310.0;

/// Powers of ten at the ends of the axes: items, and nanoseconds.
const ITEMS: (f64, f64) = (1.0, 5.0);
const TIMES: (f64, f64) = (2.0, 8.0);

type Series = (&'static str, &'static str, fn(&Timed) -> f64);

/// What is drawn: its name, its colour, its time.
const SERIES: [Series; 3] = [
    ("send the list again", "#c2410c", |timed| timed.resend.median()),
    ("compare with a copy", "#7c3aed", |timed| timed.compare.median()),
    ("FluxStack Live", "#047857", |timed| timed.commit.median()),
];

/// The picture as SVG.
pub(crate) fn svg(rows: &[Row]) -> String {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.kind == Kind::Push).collect();
    let mut out = String::from(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 360" font-family="system-ui, sans-serif" font-size="13" fill="#1f2937">
<rect width="720" height="360" rx="8" fill="#ffffff"/>
<text x="24" y="28" font-size="15" font-weight="600">One item is pushed onto a list</text>
<text x="290" y="348" text-anchor="middle" fill="#6b7280">items in the list</text>
"##,
    );
    for power in 2..=8 {
        let y = height(10_f64.powi(power));
        let text = time(10_f64.powi(power)).replace(".00", "").replace(".0", "");
        line(
            &mut out,
            format_args!(
                r##"<path d="M{LEFT} {y}H{RIGHT}" stroke="#e5e7eb"/><text x="{}" y="{}" text-anchor="end" fill="#6b7280">{text}</text>"##,
                LEFT - 8.0,
                y + 4.0
            ),
        );
    }
    for row in &rows {
        line(
            &mut out,
            format_args!(
                r##"<text x="{}" y="{}" text-anchor="middle" fill="#6b7280">{}</text>"##,
                across(row.n),
                BOTTOM + 20.0,
                grouped(row.n)
            ),
        );
    }
    for (name, colour, of) in SERIES {
        let points: Vec<(f64, f64)> =
            rows.iter().map(|row| (across(row.n), height(of(&row.timed)))).collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.0},{y:.0}")).collect();
        line(
            &mut out,
            format_args!(
                r##"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="2.5"/>"##,
                path.join(" ")
            ),
        );
        for (x, y) in &points {
            line(&mut out, format_args!(r##"<circle cx="{x:.0}" cy="{y:.0}" r="4" fill="{colour}"/>"##));
        }
        if let (Some((x, y)), Some(row)) = (points.last(), rows.last()) {
            let (x, y, took) = (x + 12.0, y + 4.0, time(of(&row.timed)));
            line(
                &mut out,
                format_args!(r##"<text x="{x:.0}" y="{y:.0}" fill="{colour}">{name}, {took}</text>"##),
            );
        }
    }
    out.push_str("</svg>\n");
    out
}

fn line(out: &mut String, text: std::fmt::Arguments) {
    writeln!(out, "{text}").expect("memory can be written to");
}

fn across(items: usize) -> f64 {
    LEFT + 20.0 + (RIGHT - LEFT - 40.0) * share(items as f64, ITEMS)
}

fn height(nanoseconds: f64) -> f64 {
    BOTTOM - (BOTTOM - TOP) * share(nanoseconds, TIMES)
}

/// How far along an axis it is.
fn share(value: f64, (from, to): (f64, f64)) -> f64 {
    (value.log10() - from) / (to - from)
}
