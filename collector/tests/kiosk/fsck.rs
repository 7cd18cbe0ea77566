//! What `fsck` says of kiosks.

use collector::fsck::What;
use collector::store::{Batch, Space};

use super::Screen;
use super::shop::World;

/// What is found after a row is other bytes, or gone; it is put back afterwards.
fn found(world: &World, space: Space, at: usize, other: Option<&[u8]>) -> Vec<What> {
    let (key, row) = world.row(space, at);
    let mut batch = Batch::default();
    match other {
        Some(other) => batch.put(space, key.clone(), other),
        None => batch.delete(space, key.clone()),
    };
    world.service.engine.commit(&batch).unwrap();
    let found = world.check().findings.iter().map(|finding| finding.what).collect();
    let mut back = Batch::default();
    back.put(space, key, row);
    world.service.engine.commit(&back).unwrap();
    found
}

#[tokio::test]
async fn each_number_that_a_kiosk_used_up_has_its_entry() {
    let world = World::empty().await;
    let mut screen = Screen::pair(&world, "Toonbank").await;
    for person in 0..3 {
        let entry = screen.entry(screen.answer(person));
        screen.send(&world, &[entry]).await.unwrap();
    }
    // One that is refused, and a link to a phone that is used.
    let forged = screen.numbered(99, screen.answer(9));
    screen.send(&world, &[forged]).await.unwrap();
    super::phone::use_one(&world, &screen).await;
    assert_eq!(world.check().findings, []);
    for (space, at) in [
        (Space::Kiosk, 0),
        (Space::KioskEntry, 0),
        (Space::KioskEntry, 2),
        (Space::KioskRefused, 0),
        (Space::KioskTicket, 0),
    ] {
        let cut = world.row(space, at).1;
        assert_eq!(
            found(&world, space, at, Some(&cut[..cut.len() - 1])),
            [What::KioskFalse],
            "{space:?} is cut off"
        );
    }
    for at in [0, 1, 2] {
        assert_eq!(found(&world, Space::KioskEntry, at, None), [What::KioskFalse], "entry {at} is gone");
    }
    assert_eq!(found(&world, Space::Kiosk, 0, None), [What::KioskFalse]);
    assert_eq!(world.check().findings, []);
}
