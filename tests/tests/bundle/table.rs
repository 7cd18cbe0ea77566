//! What can be done to a bundle, and for which reason it must then be refused.

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use shared::bundle::{BUNDLE_SCHEMA, Base64, Bundle, HISTORY_TYP, Kind};
use shared::ids::NoticeHash;
use shared::jws::{self, RECEIPT_TYP};

use crate::forge::{Owner, flip, line, origin, payload};

/// A changed bundle and the code of its refusal.
pub struct Case {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub code: &'static str,
}

/// A real history (of three receipts), somebody else's, and the keys.
pub struct Given {
    pub real: Bundle,
    pub other: Bundle,
    pub english: String,
    pub owner: Owner,
}

impl Given {
    fn text(&self, name: &'static str, code: &'static str, change: impl FnOnce(String) -> String) -> Case {
        let text = String::from_utf8(self.real.to_bytes()).expect("JSON is text");
        let changed = change(text.clone());
        assert_ne!(changed, text, "{name} changes nothing");
        Case { name, bytes: changed.into_bytes(), code }
    }

    fn json(&self, name: &'static str, code: &'static str, change: impl FnOnce(&mut Value)) -> Case {
        let mut value = serde_json::to_value(&self.real).expect("a bundle is JSON");
        change(&mut value);
        Case { name, bytes: shared::canonical::to_bytes(&value), code }
    }

    fn made(&self, name: &'static str, code: &'static str, change: impl FnOnce(&mut Bundle)) -> Case {
        let mut bundle = self.real.clone();
        change(&mut bundle);
        assert_ne!(bundle, self.real, "{name} changes nothing");
        Case { name, bytes: bundle.to_bytes(), code }
    }

    /// The first receipt becomes another text; the owner adapts what follows from it.
    fn signed(
        &self,
        name: &'static str,
        code: &'static str,
        forge: impl FnOnce(&Owner, &str) -> String,
    ) -> Case {
        self.made(name, code, |bundle| {
            bundle.receipts[0].receipt = forge(&self.owner, &bundle.receipts[0].receipt);
            self.owner.rewrite_log(bundle);
        })
    }

    /// The same, only what it says changes, and the log stays as it is.
    fn says(&self, name: &'static str, code: &'static str, change: impl FnOnce(&mut Value)) -> Case {
        self.made(name, code, |bundle| {
            bundle.receipts[0].receipt = self.owner.receipt(&bundle.receipts[0].receipt, change);
            self.owner.resign_history(bundle);
        })
    }

    /// The same in a log that the owner wrote anew.
    fn rewritten(&self, name: &'static str, code: &'static str, change: impl FnOnce(&mut Value)) -> Case {
        self.signed(name, code, |owner, jws| owner.receipt(jws, change))
    }

    fn header(&self, name: &'static str, code: &'static str, header: &Value) -> Case {
        self.signed(name, code, |owner, jws| {
            owner.sign(&header.to_string(), &shared::canonical::to_bytes(&payload(jws)))
        })
    }

    fn payload(&self, name: &'static str, code: &'static str, spell: impl FnOnce(String) -> String) -> Case {
        self.signed(name, code, |owner, jws| {
            let text = shared::canonical::to_bytes(&payload(jws));
            let text = spell(String::from_utf8(text).expect("JSON is text"));
            let header = json!({"alg": "Ed25519", "kid": owner.kid(), "typ": RECEIPT_TYP});
            owner.sign(&header.to_string(), text.as_bytes())
        })
    }

    /// Another text under the owner's signature as head of the log.
    fn head(&self, name: &'static str, code: &'static str, text: impl FnOnce(&Bundle) -> String) -> Case {
        self.made(name, code, |bundle| {
            bundle.checkpoint = self.owner.head(&origin(bundle), &text(bundle));
        })
    }

    /// Everything that must be refused by somebody who has the collector's keys.
    pub fn cases(&self) -> Vec<Case> {
        let groups =
            [self.files(), self.keys(), self.receipts(), self.payloads(), self.wordings(), self.heads()];
        groups.into_iter().flatten().chain(self.places()).chain(self.histories()).collect()
    }

    fn files(&self) -> Vec<Case> {
        let mut cut = self.text("cut in half", "not_json", |text| text[..text.len() / 2].into());
        cut.bytes.truncate(cut.bytes.len() - 1);
        let mut no_text = self.text("a byte that is no text", "not_json", |text| text + " ");
        no_text.bytes[20] = 0xff;
        vec![
            cut,
            no_text,
            self.text("a space", "not_canonical", |text| text.replacen(':', ": ", 1)),
            self.text("a line feed at the end", "not_canonical", |text| text + "\n"),
            self.text("a name given twice", "not_canonical", |text| {
                text.replacen('{', &format!("{{\"schema\":\"{BUNDLE_SCHEMA}\","), 1)
            }),
            self.text("an escaped letter", "not_canonical", |text| {
                text.replace("checkpoint\"", "\\u0063heckpoint\"")
            }),
            self.text("a number with a fraction", "not_canonical", |text| {
                let index = format!("\"index\":{}", self.real.receipts[0].index);
                text.replacen(&index, &format!("{index}.0"), 1)
            }),
            self.json("a member that does not belong", "not_a_bundle", |json| json["note"] = "hi".into()),
            self.json("no checkpoint", "not_a_bundle", |json| {
                drop(json.as_object_mut().map(|o| o.remove("checkpoint")))
            }),
            self.json("another schema", "not_a_bundle", |json| json["schema"] = "vinkje/bundle/2".into()),
            self.json("a place below zero", "not_a_bundle", |json| {
                json["receipts"][0]["index"] = (-1).into()
            }),
            self.json("a short salt", "not_a_bundle", |json| json["receipts"][0]["salt"] = "AAAA".into()),
            self.json("a member in a key", "not_a_bundle", |json| json["keys"][0]["d"] = "AAAA".into()),
            self.made("no receipts", "not_a_bundle", |bundle| bundle.receipts.clear()),
            self.made("three as one", "not_a_bundle", |bundle| bundle.kind = Kind::Receipt),
        ]
    }

    fn keys(&self) -> Vec<Case> {
        let other = Owner::other();
        let stranger = other.key_set().jwks()[0].clone();
        vec![
            self.made("another key under the old name", "key_set", |bundle| {
                bundle.keys[0].x.clone_from(&stranger.x);
            }),
            self.made("a name that is not the key's", "key_set", |bundle| {
                bundle.keys[0].kid.clone_from(&stranger.kid);
            }),
            self.made("a key of another kind", "key_set", |bundle| bundle.keys[0].crv = "X25519".into()),
            self.made("the log's key under another id", "log_key", |bundle| {
                bundle.log_key = bundle.log_key.replacen('+', "+0", 1);
            }),
            self.made("all of it by somebody else", "receipt_unknown_key", |bundle| {
                bundle.keys = other.key_set().jwks();
                bundle.log_key = other.log_key(&origin(bundle)).to_string();
                for one in &mut bundle.receipts {
                    one.receipt = other.receipt(&one.receipt, |_| {});
                }
                other.rewrite_log(bundle);
            }),
        ]
    }

    fn receipts(&self) -> Vec<Case> {
        let kid = self.owner.kid();
        let header = |alg: &str, typ: &str| json!({"alg": alg, "kid": kid, "typ": typ});
        let changed = |part: usize, at: usize| {
            move |_: &Owner, jws: &str| {
                let mut parts: Vec<String> = jws.split('.').map(str::to_owned).collect();
                let other = if &parts[part][at..=at] == "A" { "B" } else { "A" };
                parts[part].replace_range(at..=at, other);
                parts.join(".")
            }
        };
        let crit = json!({"alg": "Ed25519", "crit": ["b64"], "kid": kid, "typ": RECEIPT_TYP});
        let jwk = json!({"alg": "Ed25519", "jwk": Owner::other().key_set().jwks()[0], "kid": kid, "typ": RECEIPT_TYP});
        vec![
            self.signed("a flipped bit in the signature", "receipt_signature", changed(2, 10)),
            self.signed("a flipped bit in what is signed", "receipt_signature", changed(1, 40)),
            self.signed("the signature of another key", "receipt_signature", |owner, jws| {
                let text = shared::canonical::to_bytes(&payload(jws));
                Owner::other().sign(&header_text(&owner.kid()), &text)
            }),
            self.header("no algorithm", "receipt_algorithm", &header("none", RECEIPT_TYP)),
            self.header(
                "an algorithm with a shared secret",
                "receipt_algorithm",
                &header("HS256", RECEIPT_TYP),
            ),
            self.header("another kind of document", "receipt_type", &header("Ed25519", "JWT")),
            self.header("a statement as a receipt", "receipt_type", &header("Ed25519", HISTORY_TYP)),
            self.header("an extension that must be understood", "receipt_header", &crit),
            self.header("a key in the header", "receipt_header", &jwk),
            self.signed("padding", "receipt_shape", |_, jws| jws.to_owned() + "=="),
            self.signed("two parts", "receipt_shape", |_, jws| jws.rsplit_once('.').expect("parts").0.into()),
            self.signed("far too long", "receipt_too_long", |_, jws| jws.to_owned() + &"A".repeat(9000)),
        ]
    }

    fn payloads(&self) -> Vec<Case> {
        vec![
            self.payload("a space in what is signed", "receipt_payload_spelling", |json| {
                json.replacen(':', ": ", 1)
            }),
            self.payload("a name given twice in what is signed", "receipt_payload_shape", |json| {
                json.replacen('{', "{\"act\":\"choices\",", 1)
            }),
            self.rewritten("a member more in what is signed", "receipt_payload_shape", |said| {
                said["x"] = 1.into()
            }),
            self.rewritten("another schema in what is signed", "receipt_payload_shape", |said| {
                said["schema"] = "vinkje/receipt/9".into();
            }),
            self.rewritten("an answer that is called a sale", "sale_false", |said| {
                said["act"] = "sale".into()
            }),
            self.rewritten("a tick beside which something was sold", "sale_false", |said| {
                said["sold"] = json!({
                    "product_group": "kaas", "sale": "order-1", "sold_at": "2026-01-01T00:00:00Z",
                });
            }),
            self.rewritten("a customer who bought nothing", "sale_false", |said| {
                said["decisions"][0]["decided"] = "not_objected".into();
            }),
            self.rewritten("an end of what never stood", "history_impossible", |said| {
                said["decisions"][0]["decided"] = "ended".into();
            }),
            self.says("a changed tick", "not_in_log", |said| {
                said["decisions"][1]["decided"] = "given".into()
            }),
            self.says("a changed widget build", "not_in_log", |said| {
                said["widget"] = "0000000000000000".into()
            }),
            self.says("a changed moment", "not_in_log", |said| said["at"] = "2026-01-01T00:00:00Z".into()),
            self.says("a changed website", "not_in_log", |said| said["origin"] = "https://x.example".into()),
        ]
    }

    fn wordings(&self) -> Vec<Case> {
        let named = |notice: &str| Value::from(NoticeHash::of(notice.as_bytes()).to_string());
        let with_all = |name, code, notice: String| {
            self.made(name, code, |bundle| {
                for one in &mut bundle.receipts {
                    one.receipt = self.owner.receipt(&one.receipt, |said| said["notice"] = named(&notice));
                }
                bundle.notices = vec![notice];
                self.owner.rewrite_log(bundle);
            })
        };
        vec![
            self.made("one word changed", "wording_missing", |bundle| {
                bundle.notices[0] = bundle.notices[0].replacen("nieuws", "reclame", 1);
            }),
            self.made("the wording of another language", "wording_missing", |bundle| {
                bundle.notices[0].clone_from(&self.english);
            }),
            self.made("a wording too many", "wording_unused", |bundle| {
                bundle.notices.push(self.english.clone())
            }),
            with_all("signed as if shown in English", "wording_other", self.english.clone()),
            with_all("a wording that is none", "wording_invalid", "{}".into()),
            self.rewritten("signed for another version of the form", "wording_other", |said| {
                said["form_version"] = 9.into();
            }),
            self.rewritten("signed for another controller", "wording_other", |said| {
                said["controller"] = "X".into()
            }),
            self.rewritten("a paper that nobody entered", "registered_false", |said| {
                said["method"] = "paper".into()
            }),
            self.rewritten("own ticks that staff entered", "registered_false", |said| {
                said["registered"] = json!({"by": "balie 2"});
            }),
            self.rewritten("a paper without its scan", "registered_false", |said| {
                said["method"] = "paper".into();
                said["registered"] = json!({"by": "balie 2", "claimed_at": said["at"]});
            }),
            self.rewritten("a voice of tomorrow", "registered_false", |said| {
                said["method"] = "voice".into();
                said["registered"] = json!({"by": "balie 2", "claimed_at": "2999-01-01T00:00:00Z"});
            }),
            self.rewritten("a box left out", "boxes_differ", |said| {
                if let Some(all) = said["decisions"].as_array_mut() {
                    all.remove(1);
                }
            }),
            self.rewritten("boxes in another order", "boxes_differ", |said| {
                if let Some(all) = said["decisions"].as_array_mut() {
                    all.swap(0, 1);
                }
            }),
        ]
    }

    fn heads(&self) -> Vec<Case> {
        let real = &self.real;
        let (name, size, root) = (line(real, 0), line(real, 1), line(real, 2));
        let other = Base64([9; 32]);
        let other = serde_json::to_value(other).expect("text").as_str().unwrap_or_default().to_owned();
        vec![
            self.made("a changed size", "checkpoint_signature", |bundle| {
                bundle.checkpoint = bundle.checkpoint.replace(&format!("\n{size}\n"), "\n99\n");
            }),
            self.made("a changed root", "checkpoint_signature", |bundle| {
                bundle.checkpoint = bundle.checkpoint.replace(&root, &other);
            }),
            self.made("a head by another key", "checkpoint_unsigned", |bundle| {
                bundle.checkpoint = Owner::other().head(&name, &format!("{name}\n{size}\n{root}\n"));
            }),
            self.made("a head that nobody signed", "checkpoint_shape", |bundle| {
                bundle.checkpoint = format!("{name}\n{size}\n{root}\n\n");
            }),
            self.head("a head with a line more", "checkpoint_shape", |_| {
                format!("{name}\n{size}\n{root}\nx\n")
            }),
            self.head("a size with a zero before it", "checkpoint_shape", |_| {
                format!("{name}\n0{size}\n{root}\n")
            }),
            self.head("the head of another log", "other_log", |_| {
                format!("x.example/log/y\n{size}\n{root}\n")
            }),
            self.head("another root, well signed", "not_in_log", |_| format!("{name}\n{size}\n{other}\n")),
        ]
    }

    fn places(&self) -> Vec<Case> {
        vec![
            self.made("a cut proof", "not_in_log", |bundle| drop(bundle.receipts[0].path.drain(1..))),
            self.made("a proof with a hash too many", "not_in_log", |bundle| {
                bundle.receipts[0].path.push(Base64([1; 32]));
            }),
            self.made("a flipped bit in a proof", "not_in_log", |bundle| {
                flip(&mut bundle.receipts[0].path[0])
            }),
            self.made("another place", "not_in_log", |bundle| bundle.receipts[0].index += 1),
            self.made("a place outside the log", "not_in_log", |bundle| bundle.receipts[0].index += 1000),
            self.made("another salt", "not_in_log", |bundle| flip(&mut bundle.receipts[0].salt)),
            self.made("the proof of another receipt", "not_in_log", |bundle| {
                bundle.receipts[0].path = bundle.receipts[1].path.clone();
            }),
        ]
    }

    fn histories(&self) -> Vec<Case> {
        let said_by = |typ: &str, owner: &Owner, bundle: &mut Bundle| {
            let said = shared::canonical::to_bytes(&payload(bundle.history.as_deref().unwrap_or_default()));
            let header = URL_SAFE_NO_PAD.decode(jws::header_of(typ, &self.owner.kid())).unwrap_or_default();
            bundle.history = Some(owner.sign(&String::from_utf8_lossy(&header), &said));
        };
        vec![
            self.made("the last receipt left out", "history_differs", |bundle| bundle.receipts.truncate(2)),
            self.made("the withdrawal left out", "history_differs", |bundle| drop(bundle.receipts.remove(1))),
            self.made("the first receipt left out, all signed anew", "history_differs", |bundle| {
                bundle.receipts.remove(0);
                self.owner.rewrite_log(bundle);
            }),
            self.made("another order", "history_differs", |bundle| bundle.receipts.swap(1, 2)),
            self.made("another order, signed anew", "history_order", |bundle| {
                bundle.receipts.swap(1, 2);
                self.owner.resign_history(bundle);
            }),
            self.made("no word which receipts there are", "history_missing", |bundle| bundle.history = None),
            self.made("the word about somebody else", "history_other_person", |bundle| {
                bundle.history.clone_from(&self.other.history);
            }),
            self.made("a receipt of somebody else", "history_other_person", |bundle| {
                bundle.receipts.push(self.other.receipts[0].clone());
                self.owner.resign_history(bundle);
            }),
            self.made("the word of another key", "history_invalid", |bundle| {
                said_by(HISTORY_TYP, &Owner::other(), bundle);
            }),
            self.made("the word as another document", "history_invalid", |bundle| {
                said_by(RECEIPT_TYP, &self.owner, bundle);
            }),
            self.made("an end without a beginning, all signed anew", "history_impossible", |bundle| {
                let again = bundle.receipts[1].clone();
                bundle.receipts.insert(2, again);
                self.owner.rewrite_log(bundle);
            }),
        ]
    }

    /// What only somebody sees who kept a checkpoint.
    pub fn forks(&self) -> Result<Vec<Case>> {
        Ok(vec![
            self.made("a log rewritten with all keys", "forked", |bundle| {
                self.owner.rewrite_log(bundle);
                bundle.since.clone_from(&self.real.since);
            }),
            self.made("a flipped bit in the proof since then", "forked", |bundle| {
                bundle.since.iter_mut().for_each(|since| flip(&mut since.path[0]));
            }),
        ])
    }
}

fn header_text(kid: &str) -> String {
    json!({"alg": "Ed25519", "kid": kid, "typ": RECEIPT_TYP}).to_string()
}
