//! Puts a picture together from its parts.

use super::canvas::Canvas;
use super::colour::{Hues, oklch, smoothstep};
use super::land::{self, Range};
use super::sky::Sky;
use super::words::{Brief, Hour, Subject};
use super::{agate, bloom, figures, nebula, orbs, sea, town};
use crate::random::Rng;

pub(crate) fn paint(canvas: &mut Canvas, rng: &mut Rng, brief: &Brief) {
    match brief.subject {
        Subject::Nebula => {
            nebula::paint(canvas, rng, brief.hues);
            cat_on_a_hill(canvas, rng, brief, (0.0, -0.15));
        }
        Subject::Bloom => bloom::paint(canvas, rng, brief.hues),
        Subject::Agate => agate::paint(canvas, rng, brief.hues),
        Subject::Orbs => orbs::paint(canvas, rng, brief.hues),
        Subject::Mountains | Subject::Forest | Subject::Sea | Subject::City => {
            landscape(canvas, rng, brief);
        }
    }
    if brief.subject != Subject::Orbs {
        vignette(canvas);
    }
}

fn landscape(canvas: &mut Canvas, rng: &mut Rng, brief: &Brief) {
    let half = (canvas.half_width(), canvas.half_height());
    let horizon = match brief.subject {
        Subject::Sea => rng.range(0.02, 0.14),
        _ => rng.range(0.12, 0.24),
    } * half.1
        / 0.5;
    let sky = Sky::new(rng, brief.hour, horizon, half);
    sky.paint(canvas, rng, horizon);
    let hues = land_hues(rng, brief);
    let mut range = Range {
        layers: 6,
        far: horizon - 0.02,
        near: half.1 - 0.07,
        height: rng.range(0.30, 0.44),
        snow: brief.snow,
        trees: false,
        hues,
    };
    match brief.subject {
        Subject::Forest => {
            range.trees = true;
            range.height *= 0.62;
            land::paint(canvas, rng, &sky, &range);
        }
        Subject::Sea => {
            range.layers = 2 + rng.below(2);
            (range.far, range.near) = (horizon + 0.03, horizon + 0.055);
            range.height *= 0.42;
            land::paint(canvas, rng, &sky, &range);
            sea::paint(canvas, rng, &sky, horizon);
        }
        Subject::City => town::paint(canvas, rng, &sky, hues, horizon),
        _ => land::paint(canvas, rng, &sky, &range),
    }
    if brief.birds && !sky.night {
        figures::paint_birds(canvas, rng, horizon, sky.zenith * 0.35);
    }
    cat_on_a_hill(canvas, rng, brief, sky.sun);
}

fn land_hues(rng: &mut Rng, brief: &Brief) -> Hues {
    let shadow = match (brief.subject, brief.hour) {
        (Subject::Forest, Hour::Day | Hour::Dawn) => rng.range(150.0, 195.0),
        (_, Hour::Sunset) => rng.range(285.0, 350.0),
        _ => rng.range(215.0, 300.0),
    };
    Hues {
        shadow,
        light: brief.hues.light,
    }
}

fn cat_on_a_hill(canvas: &mut Canvas, rng: &mut Rng, brief: &Brief, sun: (f32, f32)) {
    if !brief.cat {
        return;
    }
    let side = if sun.0 > 0.0 { -1.0 } else { 1.0 };
    let x = side * rng.range(0.02, 0.16);
    let height = rng.range(0.36, 0.44);
    let y = canvas.half_height() - rng.range(0.09, 0.13);
    let fur = oklch(0.075, 0.018, brief.hues.shadow);
    let rim = match (brief.subject, brief.hour) {
        (Subject::Nebula, _) => oklch(0.62, 0.13, brief.hues.light),
        (_, Hour::Night) => oklch(0.50, 0.06, 240.0),
        (_, Hour::Day) => oklch(0.70, 0.06, 90.0),
        _ => oklch(0.66, 0.14, 62.0),
    };
    land::knoll(canvas, rng, x, y, fur, rim * 0.5);
    let mirrored = rng.chance(0.5);
    figures::paint_cat(canvas, (x, y + 0.012), height, mirrored, fur, rim, sun);
}

fn vignette(canvas: &mut Canvas) {
    let (half_x, half_y) = (canvas.half_width(), canvas.half_height());
    canvas.paint(|x, y, colour| {
        let d = (x / half_x).powi(2) + (y / half_y).powi(2);
        colour * (1.0 - 0.30 * smoothstep(0.7, 2.0, d))
    });
}
