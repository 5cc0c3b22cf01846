//! The rules, one function each.

mod delivery;
mod request;
mod response;
mod time;
mod verdict;

use super::stage::Stage;

/// The rules that hold without sockets too. Gives those that are broken.
pub(super) async fn anywhere(stage: &impl Stage) -> Vec<String> {
    let verdicts = [
        request::arrives_as_given(stage).await,
        request::streamed_body_arrives_whole(stage).await,
        response::any_status_is_a_response(stage).await,
        response::no_redirect_is_followed(stage).await,
        response::headers_and_body_come_as_sent(stage).await,
        response::nothing_is_decompressed(stage).await,
        response::a_cut_body_is_given_as_far_as_it_came(stage).await,
        delivery::refused_is_not_sent(stage).await,
        delivery::dropped_after_the_request_is_unknown(stage).await,
        delivery::a_broken_body_is_not_sent(stage).await,
    ];
    verdicts.into_iter().filter_map(Result::err).collect()
}

/// The rules about connections and time.
pub(super) async fn over_sockets(stage: &impl Stage) -> Vec<String> {
    let verdicts = [
        request::no_compression_is_asked_for(stage).await,
        response::the_body_is_streamed(stage).await,
        response::a_cut_chunked_body_is_given_as_far_as_it_came(stage).await,
        delivery::no_http_is_unknown(stage).await,
        delivery::an_address_out_of_reach_is_not_sent(stage).await,
        time::the_first_byte_is_not_waited_for_for_ever(stage).await,
        time::silence_ends_the_body(stage).await,
    ];
    verdicts.into_iter().filter_map(Result::err).collect()
}
