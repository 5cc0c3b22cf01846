//! Asking what calls will cost.

use std::sync::Arc;

use dryapi_types::{Measured, Operation, Price, Priced};

use super::cache::{HOLDS, Known};
use super::estimate::{Estimate, EstimateSource};
use super::line::Line;
use super::question::{Measure, Question};
use crate::error::{Error, ErrorKind};
use crate::exchange::{Options, exchange};
use crate::file::measure;
use crate::shared::Shared;

/// The counts at which a price is asked for, and how much further where the far one is refused.
const LOW: u64 = 1;
const FAR: u64 = 3_600;
const NEAR: u64 = 100;
/// The sizes of pictures at which a price is asked for, in pixels.
const SMALL: (u64, u64) = (256, 256);
const WIDE: (u64, u64) = (1280, 720);
const LARGE: (u64, u64) = (2048, 2048);

/// Asks the price of one request.
pub(crate) async fn quote<T: Priced>(
    shared: &Arc<Shared>,
    task: &T,
    options: &Options,
) -> Result<Price, Error>
where
    T::Quote: 'static,
{
    let measured = measured(shared, task, options).await?;
    exchange(shared, &task.quote(measured), options).await
}

/// What a request will cost. With `each`, the service is asked about what only it can count;
/// otherwise that is an error that asks for an assumption.
pub(crate) async fn estimate<T: Priced>(
    shared: &Arc<Shared>,
    task: &T,
    options: &Options,
    each: bool,
) -> Result<Estimate, Error>
where
    T::Quote: 'static,
{
    let measured = measured(shared, task, options).await?;
    let quote = task.quote(measured);
    let question = Question::of(&quote).map_err(Error::invalid)?;
    let can_assume = question.as_ref().is_some_and(Question::has_count);
    let closed = match question {
        Some(question) if !question.is_open() => Some((question, EstimateSource::Rate)),
        Some(question) => {
            let assumed = options.assume.and_then(|units| question.assuming(units));
            assumed.map(|question| (question, EstimateSource::Assumed))
        }
        None => None,
    };
    let Some((question, source)) = closed else {
        if !each {
            return Err(open(task.meta().name, can_assume));
        }
        let usd = exchange(shared, &quote, options).await?.price;
        let source = EstimateSource::Quoted;
        return Ok(Estimate { usd, source });
    };
    let of_file = task.measured().is_some();
    let asked = ask(shared, &question, of_file, options).await?;
    let source = match asked.source {
        EstimateSource::Rate => source,
        other => other,
    };
    Ok(Estimate { source, ..asked })
}

fn open(operation: &'static str, can_assume: bool) -> Error {
    let message = match can_assume {
        true => {
            "its price depends on a length that cannot be known here; \
             say how many seconds or characters to assume"
        }
        false => {
            "its price depends on a file that cannot be measured here; \
             ask the service for the price of this request alone"
        }
    };
    Error::new(ErrorKind::InvalidInput, operation, message)
}

async fn measured<T: Priced>(
    shared: &Arc<Shared>,
    task: &T,
    options: &Options,
) -> Result<Measured, Error> {
    match task.measured() {
        Some(source) => measure::measure(shared, &options.uploads, source)
            .await
            .map_err(|error| error.with(|inner| inner.operation = T::Quote::META.name)),
        None => Ok(Measured::default()),
    }
}

/// The answer to a question, as far as possible without asking.
async fn ask(
    shared: &Arc<Shared>,
    question: &Question,
    of_file: bool,
    options: &Options,
) -> Result<Estimate, Error> {
    let now = shared.clock.now();
    if let Some((measure, units)) = question.measure(of_file) {
        let key = question.key(Some(measure));
        let learn = || learn(shared, question, measure, units, options);
        let learn = || kept(shared, &key, learn);
        let known = shared.prices.known(key.clone(), now, learn).await?;
        if let Known::Along(line) = known
            && let Some(usd) = line.at(units)
        {
            let source = EstimateSource::Rate;
            return Ok(Estimate { usd, source });
        }
    }
    let asked = || async {
        let price = exchange(shared, question, options).await?;
        Ok(Known::Fixed(price.price))
    };
    let key = question.key(None);
    let asked = || kept(shared, &key, asked);
    match shared.prices.known(key.clone(), now, asked).await? {
        Known::Fixed(usd) => Ok(Estimate {
            usd,
            source: EstimateSource::Shape,
        }),
        // Only fixed prices stand under a whole key.
        Known::Along(_) | Known::Bent => {
            let price = exchange(shared, question, options).await?;
            Ok(Estimate {
                usd: price.price,
                source: EstimateSource::Quoted,
            })
        }
    }
}

/// What another process learned a while ago; else it is learned, and kept for the next.
async fn kept<F>(shared: &Arc<Shared>, key: &str, learn: impl FnOnce() -> F) -> Result<Known, Error>
where
    F: Future<Output = Result<Known, Error>>,
{
    let name = format!("price {key}");
    let kept = shared.record.remembered(&name, HOLDS).await;
    if let Some(known) = kept.and_then(|text| serde_json::from_str(&text).ok()) {
        return Ok(known);
    }
    let known = learn().await?;
    if let Ok(text) = serde_json::to_string(&known) {
        shared.record.remember(&name, &text).await;
    }
    Ok(known)
}

/// Asks for two prices, and for a third that must lie between them.
async fn learn(
    shared: &Arc<Shared>,
    question: &Question,
    measure: Measure,
    units: u64,
    options: &Options,
) -> Result<Known, Error> {
    let ask = async |size: (u64, u64)| {
        let units = match measure {
            Measure::Count(_) => size.0,
            Measure::Area => size.0.saturating_mul(size.1),
        };
        match exchange(shared, &question.at(measure, size), options).await {
            Ok(price) => Ok(Some((units, price.price))),
            // Not a length or size that it takes.
            Err(error) if error.kind() == ErrorKind::Validation => Ok(None),
            Err(error) => Err(error),
        }
    };
    let count = |units: u64| (units, 0);
    let points = match measure {
        Measure::Area => [ask(SMALL).await?, ask(LARGE).await?, ask(WIDE).await?],
        Measure::Count(_) => {
            let low = match ask(count(LOW)).await? {
                Some(low) => Some(low),
                None => ask(count(units)).await?,
            };
            let from = low.map_or(units, |(units, _)| units);
            let far = match ask(count(FAR.max(from.saturating_mul(2)))).await? {
                Some(far) => Some(far),
                None => ask(count(from.saturating_add(NEAR))).await?,
            };
            let to = far.map_or(units, |(units, _)| units);
            // Not just half-way: what goes in steps would show.
            let between = from + to.saturating_sub(from) / 2 - to.saturating_sub(from) / 250;
            [low, far, ask(count(between)).await?]
        }
    };
    let [Some(low), Some(high), Some(third)] = points else {
        return Ok(Known::Bent);
    };
    Ok(Line::through(low, high, third).map_or(Known::Bent, Known::Along))
}
