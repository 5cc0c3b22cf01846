//! `dryapi webhook listen --forward-to URL`: the account's job changes as signed local deliveries.

mod courier;
mod rounds;
mod said;
mod story;

use std::sync::Arc;

use clap::ArgMatches;
use dryapi_client::Clock;

use self::courier::Courier;
use self::rounds::Rounds;
use self::said::Said;
use self::story::Story;
use super::desk::given_secrets;
use super::parcel::Parcel;
use super::send::Receiver;
use super::uuid;
use crate::commands::feed::{Feed, News};
use crate::commands::known::Known;
use crate::report::{End, Failure};
use crate::session::Session;

/// Forwards until it is told to end.
pub(crate) async fn listen(session: &Session, matches: &ArgMatches) -> Result<(), End> {
    let to = matches.get_one::<String>("forward-to");
    let to = to.map_or("", String::as_str);
    let receiver = Receiver::new(&session.given, "--forward-to", to)?;
    let said = Said {
        screen: session.screen.clone(),
        sandbox: session.is_sandbox(),
    };
    let secret = secret(session, matches)?;
    let clock = Arc::new(session.clock);
    let courier = Courier::new(receiver, &secret, clock, session.first_retry, said);
    let mut rounds = Rounds::new(courier);
    let ended = forward(session, &mut rounds).await;
    if rounds.open() > 0 && !matches!(ended, Err(End::ClosedPipe)) {
        left_over(session, rounds.open());
    }
    ended
}

async fn forward(session: &Session, rounds: &mut Rounds) -> Result<(), End> {
    let mut feed = Feed::open(session)?;
    let mut told = Known::<Story>::new();
    loop {
        // What comes meanwhile is kept by the client: of each job the latest.
        let may_take = !rounds.is_full();
        let news = tokio::select! {
            biased;
            ended = session.told_to_end() => return ended,
            through = rounds.next() => {
                through?;
                continue;
            }
            news = feed.next(), if may_take => news?,
        };
        let News { ticket, status, .. } = news;
        let id = ticket.request_id();
        let event = told.of(id).event(&ticket, &status, session.clock.wall());
        if let Some(event) = event {
            rounds.take(id, Parcel::new(event));
        }
    }
}

/// The secret that was given, else one that is made up and shown.
fn secret(session: &Session, matches: &ArgMatches) -> Result<String, End> {
    if let Some(secret) = given_secrets(&session.given, matches)?.into_iter().next() {
        return Ok(secret);
    }
    if session.screen.json() {
        let help = "Set DRYAPI_WEBHOOK_SECRET, or give --secret: with --json none is made up.";
        return Err(Failure::invalid("no webhook secret").help(help).into());
    }
    let secret = uuid::secret();
    session
        .screen
        .note(&format!("signed with the new secret {secret}"));
    Ok(secret)
}

fn left_over(session: &Session, open: usize) {
    let deliveries = if open == 1 { "delivery" } else { "deliveries" };
    session
        .screen
        .note(&format!("{open} {deliveries} given up in the middle"));
}
