//! Silhouettes: a sitting cat, birds in flight. Drawn as distances, so edges are smooth at any
//! size.

use super::canvas::Canvas;
use super::colour::{Rgb, smoothstep};
use crate::random::Rng;

type Point = (f32, f32);

fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

/// Distance to an ellipse, good enough near its edge.
fn ellipse(p: Point, centre: Point, rx: f32, ry: f32) -> f32 {
    let (x, y) = (p.0 - centre.0, p.1 - centre.1);
    let k = length(x / rx, y / ry);
    let slope = length(x / (rx * rx), y / (ry * ry)).max(1e-6);
    if k < 1e-4 {
        -rx.min(ry)
    } else {
        k * (k - 1.0) / slope
    }
}

/// Distance to a limb that tapers from `ra` to `rb`.
fn limb(p: Point, a: Point, b: Point, ra: f32, rb: f32) -> f32 {
    let (px, py, bx, by) = (p.0 - a.0, p.1 - a.1, b.0 - a.0, b.1 - a.1);
    let t = ((px * bx + py * by) / (bx * bx + by * by).max(1e-9)).clamp(0.0, 1.0);
    length(px - bx * t, py - by * t) - (ra + (rb - ra) * t)
}

/// Distance to a triangle.
fn triangle(p: Point, corners: [Point; 3]) -> f32 {
    let [a, b, c] = corners;
    let side = |a: Point, b: Point| {
        let inside = (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0);
        (limb(p, a, b, 0.0, 0.0), inside)
    };
    let (ab, bc, ca) = (side(a, b), side(b, c), side(c, a));
    let same = (ab.1 >= 0.0) == (bc.1 >= 0.0) && (bc.1 >= 0.0) == (ca.1 >= 0.0);
    let d = ab.0.min(bc.0).min(ca.0);
    if same { -d } else { d }
}

/// The union of two shapes with a soft seam of about `k`.
fn join(a: f32, b: f32, k: f32) -> f32 {
    let h = (k - (a - b).abs()).max(0.0) / k;
    a.min(b) - h * h * k * 0.25
}

/// Distance to a cat sitting with its back to us, one unit tall, paws at y = 0.
fn cat(p: Point) -> f32 {
    let haunches = ellipse(p, (0.0, -0.20), 0.27, 0.21);
    let back = ellipse(p, (0.0, -0.38), 0.185, 0.27);
    let shoulders = ellipse(p, (0.0, -0.56), 0.135, 0.12);
    let body = join(join(haunches, back, 0.12), shoulders, 0.10);
    let feet = join(
        ellipse(p, (-0.17, -0.03), 0.13, 0.045),
        ellipse(p, (0.17, -0.03), 0.13, 0.045),
        0.02,
    );
    let head = ellipse(p, (0.0, -0.745), 0.165, 0.135);
    let cheeks = ellipse(p, (0.0, -0.71), 0.185, 0.09);
    let ear = |side: f32| {
        triangle(
            p,
            [
                (side * 0.045, -0.845),
                (side * 0.165, -0.76),
                (side * 0.150, -0.985),
            ],
        ) - 0.010
    };
    let ears = ear(1.0).min(ear(-1.0));
    let head = join(join(head, cheeks, 0.05), ears, 0.03);
    let whole = join(join(body, feet, 0.06), head, 0.075);
    // The tail: a curve from the haunches out to the side, its tip turned up.
    let mut tail = f32::MAX;
    let mut from = (0.16, -0.06);
    for i in 1..=14 {
        let t = i as f32 / 14.0;
        let s = 1.0 - t;
        let to = (
            s * s * s * 0.16 + 3.0 * s * s * t * 0.50 + 3.0 * s * t * t * 0.66 + t * t * t * 0.47,
            s * s * s * -0.06
                + 3.0 * s * s * t * 0.06
                + 3.0 * s * t * t * -0.22
                + t * t * t * -0.37,
        );
        tail = tail.min(limb(p, from, to, 0.048 - 0.016 * t, 0.046 - 0.016 * t));
        from = to;
    }
    join(whole, tail, 0.03)
}

/// Sits a cat of `height` down at (`x`, `y`), edged with the light that comes from `sun`.
pub(crate) fn paint_cat(
    canvas: &mut Canvas,
    at: Point,
    height: f32,
    mirrored: bool,
    fur: Rgb,
    rim: Rgb,
    sun: Point,
) {
    let flip = if mirrored { -1.0 } else { 1.0 };
    let place = |px: f32, py: f32| (flip * (px - at.0) / height, (py - at.1) / height);
    let soft = canvas.pixel() / height;
    let (from, to) = (
        (at.0 - 0.8 * height, at.1 - 1.1 * height),
        (at.0 + 0.8 * height, at.1 + 0.1 * height),
    );
    canvas.paint_box(from, to, |px, py, under| {
        let d = cat(place(px, py));
        let cover = smoothstep(soft, -soft, d);
        if cover <= 0.0 {
            return under;
        }
        let mut coat = fur;
        if d > -0.05 {
            let e = 0.004 * height;
            let nx = cat(place(px + e, py)) - cat(place(px - e, py));
            let ny = cat(place(px, py + e)) - cat(place(px, py - e));
            let (lx, ly) = (sun.0 - px, sun.1 - py);
            let facing = (nx * lx + ny * ly) / (length(nx, ny) * length(lx, ly)).max(1e-6);
            let edge = smoothstep(-0.042, -0.004, d);
            coat = coat + rim * (edge * (0.10 + 0.9 * facing.max(0.0)));
        }
        under.lerp(coat, cover)
    });
}

/// A loose flock, far off.
pub(crate) fn paint_birds(canvas: &mut Canvas, rng: &mut Rng, above: f32, ink: Rgb) {
    let (x, y) = (rng.range(-0.25, 0.25), above - rng.range(0.18, 0.32));
    for _ in 0..5 + rng.below(8) {
        let (bx, by) = (x + rng.range(-0.22, 0.22), y + rng.range(-0.10, 0.08));
        let span = rng.range(0.010, 0.024);
        let lift = rng.range(0.25, 0.8);
        let tilt = rng.range(-0.2, 0.2);
        let reach = span * 1.3;
        let thick = (span * 0.085).max(canvas.pixel() * 0.5);
        let soft = canvas.pixel();
        canvas.paint_box(
            (bx - reach, by - reach),
            (bx + reach, by + reach),
            |px, py, under| {
                let (dx, dy) = (px - bx, py - by - tilt * (px - bx));
                let t = (dx.abs() / span).min(1.2);
                let wing = -lift * span * (1.9 * t - 1.35 * t * t);
                let thin = thick * (1.25 - t).max(0.0);
                let d = (dy - wing).abs() - thin;
                under.lerp(ink, smoothstep(soft, -soft, d) * smoothstep(1.05, 0.9, t))
            },
        );
    }
}
