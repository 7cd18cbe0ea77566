//! Whether a page fits on small screens and under zoom.
//!
//! Invariant: nothing that is shown reaches past the edge, so nobody scrolls sideways (WCAG 2.2, 1.4.10).

use anyhow::{Result, ensure};

use crate::page::Page;

/// A phone, a small phone, and a laptop of 1,280 px at 200 % and at 400 %.
const SIZES: [(&str, u32, u32, u32); 4] =
    [("360 px", 360, 740, 2), ("320 px", 320, 640, 2), ("200 %", 640, 450, 2), ("400 %", 320, 225, 4)];

impl Page {
    /// Holds the page, as it is now, against each size.
    ///
    /// # Errors
    ///
    /// If it scrolls sideways at one; the message names the elements.
    pub async fn fits(&self, what: &str) -> Result<()> {
        for (size, width, height, density) in SIZES {
            self.size(width, height, density).await?;
            let over = "[...new Set(deepAll('*').filter(e=>shown(e)&&!e.closest('.skip')&&e.getBoundingClientRect().right>innerWidth+1)\
                .map(e=>e.tagName+'.'+e.className))].join(' ')";
            let wide = self.eval("document.documentElement.scrollWidth").await?;
            let fits = self.eval("document.documentElement.scrollWidth<=innerWidth").await? == true;
            ensure!(fits, "{what} at {size} is {wide} px wide: {}", self.eval_text(over).await?);
        }
        Ok(())
    }
}
