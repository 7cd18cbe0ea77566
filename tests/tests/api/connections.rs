//! Connections that only take up room.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use e2e::collector::Setup;
use e2e::world::World;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Connects from an address of this machine: each /24 of 127.0.0.0/8 counts as a network of its own.
async fn from(address: &str, port: u16) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(format!("{address}:0").parse()?)?;
    Ok(socket.connect(SocketAddr::from(([127, 0, 0, 1], port))).await?)
}

async fn health(address: &str, port: u16) -> Result<String> {
    let mut stream = from(address, port).await?;
    let request = format!("GET /health HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn a_network_that_only_holds_connections_keeps_nobody_else_out() -> Result<()> {
    let setup = Setup { open_files_max: Some(200), ..Setup::default() };
    let world = World::start_with(setup).await?;
    let port = world.collector.port();
    let mut held = Vec::new();
    for number in 0..150 {
        let mut stream = from("127.0.0.1", port).await?;
        // Some say nothing, some stop in the middle of a word.
        if number % 2 == 0 {
            let _ = stream.write_all(b"GET /hea").await;
        }
        held.push(stream);
    }
    let other = health("127.0.9.1", port).await?;
    ensure!(other.starts_with("HTTP/1.1 200"), "another network is kept out: {other}");
    for mut stream in held {
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(std::time::Duration::from_secs(20), stream.read_to_end(&mut answer));
        // A reset is as good as an end.
        let _ = ended.await.context("a silent connection is held for ever")?;
    }
    let own = health("127.0.0.1", port).await?;
    ensure!(own.starts_with("HTTP/1.1 200"), "the network does not get its places back: {own}");
    Ok(())
}
