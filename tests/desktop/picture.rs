//! Pictures of the display itself, exactly what a person would see.
//!
//! The driver's own screenshot never answers while WebKit draws without a GPU. Xvfb keeps its screen in a file in X's
//! window dump format (`XWDFile.h`): a header of big-endian words, a table of colours, then the pixels.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// The file that Xvfb keeps its first screen in.
const SCREEN: &str = "Xvfb_screen0";
/// Bytes of one entry in the table of colours.
const COLOUR: usize = 12;

/// Copies the screen that Xvfb keeps in this folder, or only the part of that width and height at its upper left.
pub(super) fn take(display_folder: &Path, part: Option<(u32, u32)>) -> Result<Picture> {
    let screen = display_folder.join(SCREEN);
    let dump = std::fs::read(&screen).with_context(|| format!("could not read {}", screen.display()))?;
    Picture::of_dump(dump, part)
}

/// What stood on the screen at a moment.
#[derive(Debug)]
pub struct Picture {
    dump: Vec<u8>,
    /// Where the pixels begin, and how many bytes a row of them has.
    pixels: usize,
    row: usize,
    width: u32,
    height: u32,
}

impl Picture {
    /// Keeps a dump with 32 bits a pixel, least significant byte first: blue, green, red, nothing.
    fn of_dump(dump: Vec<u8>, part: Option<(u32, u32)>) -> Result<Self> {
        let word = |index: usize| -> Result<u32> {
            let bytes = dump
                .get(index * 4..index * 4 + 4)
                .context("the screen's file is too short")?;
            Ok(u32::from_be_bytes(bytes.try_into()?))
        };
        let (head, width, height, row, colours) = (word(0)?, word(4)?, word(5)?, word(12)?, word(19)?);
        if (word(7)?, word(11)?) != (0, 32) {
            bail!("the screen is kept in a form that is not read here");
        }
        let pixels = usize::try_from(head)? + usize::try_from(colours)? * COLOUR;
        let row = usize::try_from(row)?;
        if dump.len() < pixels + row * usize::try_from(height)? {
            bail!("the screen's file has too few pixels");
        }
        let (part_width, part_height) = part.unwrap_or((width, height));
        if part_width > width || part_height > height {
            bail!("{part_width} x {part_height} is more than the screen has");
        }
        Ok(Self {
            pixels,
            row,
            width: part_width,
            height: part_height,
            dump,
        })
    }

    /// How much of this picture is other than in one of the same screen, from 0 to 1; a picture of another size is
    /// wholly other.
    pub fn differs_from(&self, other: &Self) -> f64 {
        if (self.width, self.height, self.row) != (other.width, other.height, other.row) {
            return 1.0;
        }
        let (Ok(across), Ok(down)) = (usize::try_from(self.width), usize::try_from(self.height)) else {
            return 1.0;
        };
        let rows = |picture: &Self, at: usize| picture.pixels + at * picture.row;
        let (mut seen, mut other_pixels) = (0_u32, 0_u32);
        // A grid of every third pixel is enough, and nine times as fast.
        for line in (0..down).step_by(3) {
            let (own, their) = (rows(self, line), rows(other, line));
            for pixel in (0..across).step_by(3) {
                seen += 1;
                let at = pixel * 4;
                if self.dump[own + at..own + at + 3] != other.dump[their + at..their + at + 3] {
                    other_pixels += 1;
                }
            }
        }
        f64::from(other_pixels) / f64::from(seen.max(1))
    }

    /// Red, green and blue of each pixel, row by row.
    fn rgb(&self) -> Result<Vec<u8>> {
        let (across, down) = (usize::try_from(self.width)?, usize::try_from(self.height)?);
        let mut rgb = Vec::with_capacity(across * down * 3);
        for row in self.dump[self.pixels..].chunks_exact(self.row).take(down) {
            for pixel in row[..across * 4].chunks_exact(4) {
                rgb.extend_from_slice(&[pixel[2], pixel[1], pixel[0]]);
            }
        }
        Ok(rgb)
    }

    /// Writes it as PNG, which takes longer than taking it.
    pub fn write(&self, file: &Path) -> Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let out = File::create(file).with_context(|| format!("could not write {}", file.display()))?;
        let mut encoder = png::Encoder::new(BufWriter::new(out), self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        encoder.write_header()?.write_image_data(&self.rgb()?)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Picture;

    /// A screen of one pixel by two, each row padded to eight bytes.
    fn dump() -> Vec<u8> {
        let mut words = [0_u32; 25];
        (words[0], words[4], words[5], words[11], words[12], words[19]) = (100, 1, 2, 32, 8, 1);
        let mut dump: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        dump.extend([9; 12]);
        dump.extend([1, 2, 3, 0, 7, 7, 7, 7, 4, 5, 6, 0, 7, 7, 7, 7]);
        dump
    }

    #[test]
    fn pixels_are_read_from_where_the_header_says() {
        let picture = Picture::of_dump(dump(), None).unwrap();
        assert_eq!(
            picture.rgb().unwrap(),
            [3, 2, 1, 6, 5, 4],
            "red first; what pads a row is left out"
        );
        assert!(
            Picture::of_dump(dump()[..50].to_vec(), None).is_err(),
            "half a header is no picture"
        );
    }

    #[test]
    fn pictures_are_compared_by_their_pixels() {
        let taken = |dump: Vec<u8>| Picture::of_dump(dump, None).unwrap();
        let mut changed = dump();
        let first = changed.len() - 16;
        changed[first] = 77;
        assert_eq!(taken(dump()).differs_from(&taken(dump())), 0.0);
        assert_eq!(
            taken(dump()).differs_from(&taken(changed)),
            1.0,
            "the one pixel looked at"
        );
        let part = Picture::of_dump(dump(), Some((1, 1))).unwrap();
        assert_eq!(taken(dump()).differs_from(&part), 1.0, "another size");
    }

    #[test]
    fn a_part_is_cut_from_the_upper_left() {
        let part = Picture::of_dump(dump(), Some((1, 1))).unwrap();
        assert_eq!(part.rgb().unwrap(), [3, 2, 1], "the first row");
        assert!(
            Picture::of_dump(dump(), Some((2, 1))).is_err(),
            "there is no more than the whole"
        );
    }
}
