//! A poster: translucent discs, rings and one horizon, few colours.

use super::canvas::Canvas;
use super::colour::{Hues, Rgb, oklch, smoothstep};
use super::noise::Noise;
use crate::random::Rng;

pub(crate) fn paint(canvas: &mut Canvas, rng: &mut Rng, hues: Hues) {
    let dark = rng.chance(0.5);
    let (paper_l, paper_c) = if dark { (0.20, 0.045) } else { (0.93, 0.028) };
    let paper = oklch(paper_l, paper_c, hues.shadow);
    let edge = oklch(paper_l * 0.82, paper_c * 1.4, hues.light);
    canvas.paint(|x, y, _| paper.lerp(edge, smoothstep(-0.5, 0.7, y + 0.3 * x)));
    let inks: Vec<Rgb> = (0..5)
        .map(|i| {
            let t = i as f32 / 4.0;
            oklch(
                0.38 + 0.46 * t,
                0.155,
                hues.shadow + (hues.light - hues.shadow) * t,
            )
        })
        .chain([oklch(0.66, 0.19, hues.light + 150.0)])
        .collect();
    let ink = |rng: &mut Rng| {
        inks.get(rng.below(inks.len() as u32) as usize)
            .copied()
            .unwrap_or_default()
    };
    let (half_x, half_y) = (canvas.half_width(), canvas.half_height());
    let soft = canvas.pixel();
    for i in 0..15_u32 {
        // Large ones first, so that the small ones stay visible.
        let radius = 0.34 * 0.86_f32.powi(i as i32) * rng.range(0.75, 1.15);
        let (x, y) = (rng.range(-0.8, 0.8) * half_x, rng.range(-0.8, 0.8) * half_y);
        let (from, to) = (ink(rng), ink(rng));
        let (sin, cos) = rng.range(0.0, std::f32::consts::TAU).sin_cos();
        let strength = rng.range(0.72, 0.97);
        let ring = rng.chance(0.28);
        let half = rng.chance(0.25);
        let reach = radius + 0.06;
        canvas.paint_box(
            (x - reach, y - reach),
            (x + reach, y + reach),
            |px, py, under| {
                let (dx, dy) = (px - x, py - y);
                let d = (dx * dx + dy * dy).sqrt();
                let along = (dx * cos + dy * sin) / radius;
                let mut inside = smoothstep(soft, -soft, d - radius);
                if ring {
                    inside *= smoothstep(-soft, soft, d - radius * 0.86);
                }
                if half {
                    inside *= smoothstep(-soft, soft, dx * cos + dy * sin);
                }
                let shade = if ring || half {
                    0.0
                } else {
                    0.22 * smoothstep(0.05, 0.0, d - radius)
                };
                let fill = from.lerp(to, 0.5 + 0.5 * along);
                (under * (1.0 - shade)).lerp(fill, inside * strength)
            },
        );
    }
    let fibre = Noise(rng.next_u64() as u32);
    canvas.paint(|x, y, colour| colour * (1.0 + 0.035 * fibre.at(x * 240.0, y * 240.0)));
}
