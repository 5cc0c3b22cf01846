//! The `Range` header (RFC 9110), one range.

/// Which part of a file was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it: no range, several ranges, or one that cannot be read (which must be ignored).
    Whole,
    /// From the first to before the second byte.
    Of(usize, usize),
    /// Nothing that the file has.
    Outside,
}

pub(crate) fn parse(header: &str, total: usize) -> Part {
    let Some((first, last)) = header
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
    else {
        return Part::Whole;
    };
    match (
        first.trim().parse::<usize>().ok(),
        last.trim().parse::<usize>().ok(),
    ) {
        (Some(from), None) if last.trim().is_empty() && from < total => Part::Of(from, total),
        (Some(from), Some(to)) if from <= to && from < total => {
            Part::Of(from, to.saturating_add(1).min(total))
        }
        (Some(from), _) if from >= total && !last.contains(',') => Part::Outside,
        (None, Some(0)) if first.trim().is_empty() => Part::Outside,
        (None, Some(tail)) if first.trim().is_empty() && total > 0 => {
            Part::Of(total.saturating_sub(tail), total)
        }
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_the_standard_has_them() {
        for (header, part) in [
            ("bytes=0-9", Part::Of(0, 10)),
            ("bytes=90-", Part::Of(90, 100)),
            ("bytes=-10", Part::Of(90, 100)),
            ("bytes=-1000", Part::Of(0, 100)),
            ("bytes=50-1000", Part::Of(50, 100)),
            ("bytes=100-", Part::Outside),
            ("bytes=100-200", Part::Outside),
            ("bytes=-0", Part::Outside),
            ("bytes=9-3", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("lines=0-1", Part::Whole),
            ("bytes=x-", Part::Whole),
        ] {
            assert_eq!(parse(header, 100), part, "{header}");
        }
    }
}
