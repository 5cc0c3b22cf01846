//! A flower seen from above: rings of petals, each laid over the one behind.

use super::canvas::Canvas;
use super::colour::{Hues, Ramp, oklch, smoothstep};
use super::noise::Noise;
use crate::random::Rng;

pub(crate) fn paint(canvas: &mut Canvas, rng: &mut Rng, hues: Hues) {
    let ramp = Ramp::new(hues, 0.20, 0.22, 0.90);
    let ground_far = oklch(0.14, 0.04, hues.shadow - 70.0);
    let ground_near = oklch(0.40, 0.08, hues.shadow - 95.0);
    let noise = Noise(rng.next_u64() as u32);
    let soft = canvas.pixel();
    canvas.paint(|x, y, _| {
        let blur = 0.5 + 0.5 * noise.fbm(x * 2.2, y * 2.2, 3);
        let reach = (x * x + y * y).sqrt();
        ground_near.lerp(ground_far, smoothstep(0.15, 0.75, reach + 0.22 * blur))
            * (0.7 + 0.5 * blur)
    });
    let rings = 9 + rng.below(5);
    let petals = (7 + rng.below(9)) as f32;
    let size = rng.range(0.40, 0.47);
    let pointed = rng.range(0.55, 1.3);
    for ring in 0..rings {
        let t = ring as f32 / (rings - 1) as f32;
        let outer = size * (1.0 - t).powf(0.85) + 0.035;
        let count = (petals * (1.0 - 0.45 * t)).round();
        let turn = ring as f32 * 2.4 + rng.range(-0.1, 0.1);
        canvas.paint_box(
            (-outer - 0.02, -outer - 0.02),
            (outer + 0.02, outer + 0.02),
            |x, y, under| {
                let r = (x * x + y * y).sqrt();
                let angle = y.atan2(x) + turn;
                let phase = angle * count / std::f32::consts::TAU;
                let across = (phase - phase.floor() - 0.5) * 2.0;
                let wobble = 1.0 + 0.05 * noise.at(x * 9.0 + turn, y * 9.0);
                let tip =
                    outer * wobble * (0.60 + 0.40 * (1.0 - across * across).max(0.0).powf(pointed));
                let cover = smoothstep(soft, -soft, r - tip);
                // The shadow a petal throws on those under it.
                let shadow = 0.50 * smoothstep(0.035, 0.0, r - tip);
                let along = (r / outer).clamp(0.0, 1.0);
                let vein =
                    0.05 * (across * 17.0 + 2.0 * noise.at(phase * 3.0, r * 8.0)).sin() * (1.0 - t);
                let fold = 0.16 * (1.0 - across.abs()) - 0.20 * across.abs().powi(4);
                let tone = 0.16 + 0.48 * along.powf(1.3) + 0.26 * t + fold + vein;
                (under * (1.0 - shadow)).lerp(ramp.at(tone), cover)
            },
        );
    }
    let heart = oklch(0.80, 0.15, 82.0);
    for i in 0..260 {
        // A sunflower's spiral of stamens.
        let r = 0.0033 * (i as f32).sqrt();
        let (sin, cos) = (i as f32 * 2.399_963).sin_cos();
        super::stars::dot(
            canvas,
            r * cos,
            r * sin,
            0.0016,
            heart * rng.range(0.15, 0.6),
        );
    }
}
