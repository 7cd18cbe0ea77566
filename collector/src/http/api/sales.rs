//! `POST /v1/{organisation}/sales`: what customers bought, and whether they objected to messages about it (Tw 11.7(3)).
//!
//! In scope: the body, its bounds and the answer. Out of scope: what becomes of a sale (`service::sales`).
//!
//! Invariant: no answer names an address; each sale has its own fate, in the order of the request.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use shared::Language;
use shared::ids::{ProductGroup, PurposeId, ReceiptId};
use shared::limits::{SALES_BYTES_MAX, SALES_MAX};
use shared::refusal::Refusal;
use shared::sale::{Objection, SaleFate};
use shared::time::Timestamp;
use utoipa::ToSchema;

use super::pieces::{self, Around};
use super::{Asker, Kind, Sales, json};
use crate::bounded::Bounded;
use crate::http::App;
use crate::service::sales::{Sale, Told};

/// What was sold.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SalesRequest {
    /// A thousand at most.
    #[schema(max_items = 1000)]
    sales: Vec<OneSale>,
}

/// One sale to a customer who left an e-mail address at it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OneSale {
    /// The address that the customer gave at this sale.
    #[schema(example = "eva@voorbeeld.example")]
    email: String,
    /// The number of the sale in your own books: no name, no address.
    #[schema(example = "order-2026-0017")]
    sale: String,
    /// What was sold, as the purpose names it in your definition.
    #[schema(value_type = String, pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", example = "kaas")]
    product_group: ProductGroup,
    /// The purpose for customers in your definition.
    #[schema(value_type = String, pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", example = "klanten")]
    purpose: PurposeId,
    /// The language in which they bought. Optional: your first.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^(nl|en|ar)$")]
    language: Option<Language>,
    /// The day of the sale, such as `2026-05-03`, or its moment with an offset.
    #[schema(example = "2026-05-03")]
    sold_at: String,
    /// Whether the customer could object at the sale, free of charge and easily, and did.
    objection: Objection,
}

/// What became of a sale.
#[derive(Serialize, ToSchema)]
struct SaleAnswer {
    /// Which of them, from 1.
    line: usize,
    /// A stable code.
    #[schema(value_type = String, example = "recorded")]
    fate: &'static str,
    /// The same in a sentence.
    #[schema(value_type = String)]
    meaning: &'static str,
    /// Until when they may be sent messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// The signed receipt that it made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    receipt: Option<ReceiptId>,
    /// The customer's own page.
    #[serde(skip_serializing_if = "Option::is_none")]
    manage_url: Option<String>,
    /// Where they stop it by one press: it belongs in every message.
    #[serde(skip_serializing_if = "Option::is_none")]
    unsubscribe_url: Option<String>,
}

/// What became of the sales, in their order.
#[derive(Serialize, ToSchema)]
#[allow(dead_code)] // The answer is written piece by piece; this is its shape.
struct SalesAnswers {
    /// One for each.
    sales: Vec<SaleAnswer>,
}

/// Tells of sales, so that customers may be sent messages about similar products of your own without consent, as long as they do not
/// object. The same sale told once more changes nothing.
#[utoipa::path(
    post,
    path = "/v1/{organisation}/sales",
    operation_id = "tell_sales",
    tag = "Customers",
    security(("key" = ["sales"])),
    params(("organisation" = String, Path, description = "The organisation's name")),
    request_body = SalesRequest,
    responses((status = 200, description = "What became of each", content(
        (SalesAnswers = "application/json"),
        (String = "application/x-ndjson"),
    )))
)]
pub(super) async fn tell(
    State(app): State<App>,
    asker: Asker<Sales>,
    headers: HeaderMap,
    Bounded(body): Bounded<SALES_BYTES_MAX>,
) -> Response {
    let told = async {
        let kind = Kind::wanted(&headers, &[Kind::Json, Kind::Lines])?;
        let request: SalesRequest = json(&headers, &body)?;
        if request.sales.len() > SALES_MAX {
            return Err(Refusal::BodyTooLarge);
        }
        let sales = request.sales.into_iter().map(Sale::from).collect();
        Ok((kind, app.service.importer(asker.organisation.clone()).tell(sales, false).await?))
    };
    match told.await {
        Ok((kind, told)) => {
            let around = Around { kind, head: serde_json::Map::new(), name: "sales" };
            let language = asker.language;
            pieces::answer(around, (1..).zip(told).map(move |(line, told)| answer(line, told, language)))
        }
        Err(refusal) => asker.refused(refusal),
    }
}

impl From<OneSale> for Sale {
    fn from(one: OneSale) -> Self {
        let OneSale { email, sale, product_group, purpose, language, sold_at, objection } = one;
        Self { email, sale, product_group, purpose, language, sold_at, objection }
    }
}

fn answer(line: usize, told: Told, language: Language) -> SaleAnswer {
    let until = match told.fate {
        SaleFate::Recorded(until) => Some(Timestamp::from_unix_seconds(until)),
        _ => None,
    };
    let (manage_url, unsubscribe_url) =
        told.links.map(|links| (links.manage_url, links.unsubscribe_url)).unzip();
    SaleAnswer {
        line,
        fate: told.fate.code(),
        meaning: told.fate.sentence(language),
        until,
        receipt: told.receipt,
        manage_url,
        unsubscribe_url,
    }
}
