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

/// Writes the screen that Xvfb keeps in this folder as PNG.
pub(super) fn write(display_folder: &Path, file: &Path) -> Result<()> {
    let screen = display_folder.join(SCREEN);
    let dump = std::fs::read(&screen).with_context(|| format!("could not read {}", screen.display()))?;
    let picture = Picture::of_dump(&dump)?;
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let out = File::create(file).with_context(|| format!("could not write {}", file.display()))?;
    let mut encoder = png::Encoder::new(BufWriter::new(out), picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&picture.rgb)?;
    Ok(())
}

#[derive(Debug)]
struct Picture {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Picture {
    /// Reads a dump with 32 bits a pixel, least significant byte first: blue, green, red, nothing.
    fn of_dump(dump: &[u8]) -> Result<Self> {
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
        let start = usize::try_from(head)? + usize::try_from(colours)? * COLOUR;
        let (across, row) = (usize::try_from(width)?, usize::try_from(row)?);
        let rows = dump
            .get(start..)
            .context("the screen's file has no pixels")?
            .chunks_exact(row);
        let pixels = rows
            .take(usize::try_from(height)?)
            .flat_map(|row| row.chunks_exact(4).take(across));
        let rgb: Vec<u8> = pixels.flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect();
        Ok(Self { width, height, rgb })
    }
}

#[cfg(test)]
mod tests {
    use super::Picture;

    #[test]
    fn pixels_are_read_from_where_the_header_says() {
        let mut words = [0_u32; 25];
        (words[0], words[4], words[5], words[11], words[12], words[19]) = (100, 1, 2, 32, 8, 1);
        let mut dump: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        dump.extend([9; 12]);
        dump.extend([1, 2, 3, 0, 7, 7, 7, 7, 4, 5, 6, 0, 7, 7, 7, 7]);
        let picture = Picture::of_dump(&dump).unwrap();
        assert_eq!(
            picture.rgb,
            [3, 2, 1, 6, 5, 4],
            "red first; what pads a row is left out"
        );
        assert!(
            Picture::of_dump(&dump[..50]).is_err(),
            "half a header is no picture"
        );
    }
}
