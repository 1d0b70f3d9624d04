//! The two frames of a picture: as it was sent, and turned so that its text is upright.

use cartulary_model::Quad;
use image::RgbImage;

/// How far the text is turned against the picture, clockwise, in quarter turns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Turn(u8);

impl Turn {
    /// Every turn, none first.
    pub(crate) const ALL: [Self; 4] = [Self(0), Self(1), Self(2), Self(3)];

    pub(crate) fn quarters(count: u8) -> Self {
        Self(count % 4)
    }

    /// How much further than another it is turned.
    pub(crate) fn since(self, other: Self) -> Self {
        Self((self.0 + 4 - other.0) % 4)
    }

    /// Turned further by some quarters.
    pub(crate) fn plus(self, quarters: u8) -> Self {
        Self::quarters(self.0 + quarters)
    }

    pub(crate) fn degrees(self) -> u16 {
        u16::from(self.0) * 90
    }

    /// The picture with its text upright; the picture itself when it is so already.
    pub(crate) fn upright(self, picture: RgbImage) -> RgbImage {
        match self.0 {
            0 => picture,
            1 => image::imageops::rotate270(&picture),
            2 => image::imageops::rotate180(&picture),
            _ => image::imageops::rotate90(&picture),
        }
    }

    /// A quad of the upright picture in the frame of the picture as sent, of this width and height.
    pub(crate) fn back(self, quad: Quad, width: u32, height: u32) -> Quad {
        let (width, height) = (width as f32, height as f32);
        Quad(quad.0.map(|[x, y]| match self.0 {
            0 => [x, y],
            1 => [width - y, x],
            2 => [width - x, height - y],
            _ => [y, height - x],
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn a_mark_comes_back_to_where_it_was_sent() {
        for turn in Turn::ALL {
            let mut sent = RgbImage::new(40, 20);
            sent.put_pixel(31, 4, Rgb([255, 0, 0]));
            let upright = turn.upright(sent);
            let (x, y, _) = upright.enumerate_pixels().find(|(_, _, pixel)| pixel.0[0] == 255).unwrap();
            let (x, y) = (x as f32, y as f32);
            let quad = turn.back(Quad::upright(x, y, x + 1.0, y + 1.0), 40, 20);
            assert_eq!(quad.bounds(), [31.0, 4.0, 32.0, 5.0], "{turn:?}");
        }
    }

    #[test]
    fn the_first_corner_is_where_the_first_letter_is() {
        // Text turned clockwise by 90 degrees runs down the right side, its letters' tops to the right.
        let quad = Turn::quarters(1).back(Quad::upright(0.0, 0.0, 10.0, 2.0), 100, 200);
        assert_eq!(quad.0[0], [100.0, 0.0]);
        assert_eq!(quad.0[1], [100.0, 10.0]);
    }
}
