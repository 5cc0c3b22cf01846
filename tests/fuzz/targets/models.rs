#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dryapi_fuzz::models::check(data));
