//! Large files, up and down: how long, and how much memory. Each transfer has a process of its own,
//! whose peak is its own.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use dryapi_client::{ApiKey, Client, ImageUpscale, Source};
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::bare::Bare;
use crate::peer::{LARGE, Peer};
use crate::row::{Bound, Row, rounds};

/// The size of the file sent, in bytes.
const INPUT: u64 = 80_000_000;
const PIECE: usize = 64 * 1024;
const ROUNDS: usize = 7;
const BESIDE: &str = "streaming reqwest";
const MIB: f64 = 1_048_576.0;

pub(crate) fn measure() -> Vec<Row> {
    let peer = Peer::start();
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("film.png");
    File::create(&input).unwrap().set_len(INPUT).unwrap();
    let run = |who: &str, way: &str| {
        let ran = Command::new(std::env::current_exe().unwrap())
            .args(["transfer", who, way, &peer.base_url])
            .arg(folder.path())
            .output()
            .unwrap();
        assert!(
            ran.status.success(),
            "{}",
            String::from_utf8_lossy(&ran.stderr)
        );
        let told: Value = serde_json::from_slice(&ran.stdout).unwrap();
        let of = |name: &str| told[name].as_f64().unwrap();
        (of("ms"), of("peak") / MIB)
    };
    let mut rows = Vec::new();
    for (way, what) in [("up", "upload of 80 MB"), ("down", "download of 1 GiB")] {
        let rounds = rounds(ROUNDS, || run("ours", way), || run("bare", way));
        let column = |of: fn(&(f64, f64)) -> f64| -> Vec<(f64, f64)> {
            rounds
                .iter()
                .map(|(ours, bare)| (of(ours), of(bare)))
                .collect()
        };
        let (time, peak) = (column(|told| told.0), column(|told| told.1));
        rows.push(Row::of(
            what,
            "ms",
            BESIDE,
            &time,
            Bound::ratio_at_most(1.05),
        ));
        rows.push(Row::of(
            format!("{what}, peak memory"),
            "MiB",
            BESIDE,
            &peak,
            Bound::at_most(8.0),
        ));
    }
    rows
}

/// One transfer, told on standard output.
pub(crate) fn child(args: &[&str]) {
    let [who, way, base_url, folder] = args else {
        panic!("who, way, base_url, folder");
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let folder = Path::new(folder);
    let (input, output) = (folder.join("film.png"), folder.join(format!("{who}.out")));
    let told = runtime.block_on(async {
        match *who {
            "ours" => ours(way, base_url, &input, &output).await,
            _ => bare(way, base_url, &input, &output).await,
        }
    });
    if *way == "down" {
        let size = std::fs::metadata(&output).unwrap().len();
        assert_eq!(size, u64::try_from(LARGE).unwrap());
        std::fs::remove_file(&output).unwrap();
    }
    println!("{told}");
}

async fn ours(way: &str, base_url: &str, input: &Path, output: &Path) -> Value {
    let client = Client::builder()
        .api_key(ApiKey::new("sk-bench").unwrap())
        .base_url(base_url)
        .build()
        .unwrap();
    // A connection, and whatever is made once.
    let small = ImageUpscale::new(Source::bytes("a.png", vec![0; 1000]), "RealESRGAN_x4");
    let _ = client.submit(&small).await.unwrap();
    let job = client.job::<ImageUpscale>("finished");
    let status = job.status().await.unwrap();
    let (idle, begun) = (peak(), Instant::now());
    if way == "up" {
        let large = ImageUpscale::new(Source::path(input), "RealESRGAN_x4");
        let _ = client.submit(&large).await.unwrap();
    } else {
        let done = job.completed(&status).await.unwrap();
        done.save(output).await.unwrap();
    }
    told(begun, idle)
}

async fn bare(way: &str, base_url: &str, input: &Path, output: &Path) -> Value {
    let bare = Bare::new(base_url);
    let id = bare.submit().await;
    let _ = bare.status(&id).await;
    let (idle, begun) = (peak(), Instant::now());
    if way == "up" {
        let body = reqwest::Body::wrap_stream(pieces(input).await);
        let file = reqwest::multipart::Part::stream_with_length(body, INPUT).file_name("film.png");
        let form = reqwest::multipart::Form::new()
            .text("model", "RealESRGAN_x4")
            .part("image", file);
        let url = format!("{}/img-upscale", bare.base_url);
        let sent = bare.http.post(url).multipart(form).bearer_auth("sk-bench");
        let answer = sent.send().await.unwrap().error_for_status().unwrap();
        answer.bytes().await.unwrap();
    } else {
        let answer = bare
            .http
            .get(format!("{base_url}/large"))
            .send()
            .await
            .unwrap();
        let mut pieces = answer.error_for_status().unwrap().bytes_stream();
        let mut file = tokio::fs::File::create(output).await.unwrap();
        while let Some(piece) = pieces.next().await {
            file.write_all(&piece.unwrap()).await.unwrap();
        }
        // What is not on the disk is not there after a crash.
        file.sync_all().await.unwrap();
    }
    told(begun, idle)
}

/// A file in pieces as large as ours: reqwest's own of 8 KiB take twenty times as long.
async fn pieces(path: &Path) -> impl Stream<Item = io::Result<Vec<u8>>> + Send + use<> {
    let file = tokio::fs::File::open(path).await.unwrap();
    stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok((read > 0).then_some((piece, file)))
    })
}

fn told(begun: Instant, idle: u64) -> Value {
    json!({"ms": begun.elapsed().as_secs_f64() * 1e3, "peak": peak() - idle})
}

/// The most memory this process has held, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kib.and_then(|kib| kib.parse::<u64>().ok()).unwrap() * 1024
}
