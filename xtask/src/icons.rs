//! The app's icons in the forms that the systems want, drawn from `icons/tidemark.svg` by `rsvg-convert`.
//!
//! The two containers are written here: an ICO and an ICNS file are a table of contents before PNG files.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// PNG files by name and edge in pixels, as Tauri expects them.
const PICTURES: [(&str, u32); 5] = [
    ("32x32.png", 32),
    ("64x64.png", 64),
    ("128x128.png", 128),
    ("128x128@2x.png", 256),
    ("icon.png", 1024),
];

/// Edges in the ICO file; 32 comes first, because development builds on Windows show the first.
const ICO_EDGES: [u32; 6] = [32, 16, 24, 48, 64, 256];

/// Types of the ICNS file with their edges, all holding PNG (Apple's icon family, OS X 10.7 and later).
const ICNS_TYPES: [(&[u8; 4], u32); 8] = [
    (b"ic11", 32),
    (b"ic12", 64),
    (b"ic07", 128),
    (b"ic13", 256),
    (b"ic08", 256),
    (b"ic14", 512),
    (b"ic09", 512),
    (b"ic10", 1024),
];

/// Draws every icon into the folder that holds `tidemark.svg`.
pub fn draw(folder: &Path) -> Result<()> {
    let source = folder.join("tidemark.svg");
    for (name, edge) in PICTURES {
        write(&folder.join(name), &picture(&source, edge)?)?;
    }
    let small = ICO_EDGES
        .iter()
        .map(|&edge| Ok((edge, picture(&source, edge)?)))
        .collect::<Result<Vec<_>>>()?;
    write(&folder.join("icon.ico"), &ico(&small))?;
    let large = ICNS_TYPES
        .iter()
        .map(|&(kind, edge)| Ok((kind, picture(&source, edge)?)))
        .collect::<Result<Vec<_>>>()?;
    write(&folder.join("icon.icns"), &icns(&large))
}

fn picture(source: &Path, edge: u32) -> Result<Vec<u8>> {
    let edge = edge.to_string();
    let mut command = Command::new("rsvg-convert");
    command.args(["--width", &edge, "--height", &edge]).arg(source);
    let output = command.output().context("could not start rsvg-convert")?;
    if !output.status.success() {
        bail!(
            "rsvg-convert could not draw {}: {}",
            source.display(),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(output.stdout)
}

fn write(file: &Path, content: &[u8]) -> Result<()> {
    println!("{}", file.display());
    fs::write(file, content).with_context(|| format!("could not write {}", file.display()))
}

/// ICONDIR, then one ICONDIRENTRY a picture, then the pictures; little-endian. An edge of 256 is written as 0.
fn ico(pictures: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut file = vec![0, 0, 1, 0];
    file.extend(short(pictures.len()));
    let mut offset = 6 + 16 * pictures.len();
    for (edge, png) in pictures {
        let edge = u8::try_from(*edge).unwrap_or(0);
        file.extend([edge, edge, 0, 0, 1, 0, 32, 0]);
        file.extend(long(png.len()).to_le_bytes());
        file.extend(long(offset).to_le_bytes());
        offset += png.len();
    }
    pictures.iter().for_each(|(_, png)| file.extend(png));
    file
}

/// `icns`, the length of all, then for each picture its type, its length with these 8 bytes, and itself; big-endian.
fn icns(pictures: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let total = 8 + pictures.iter().map(|(_, png)| 8 + png.len()).sum::<usize>();
    let mut file = b"icns".to_vec();
    file.extend(long(total).to_be_bytes());
    for (kind, png) in pictures {
        file.extend(*kind);
        file.extend(long(8 + png.len()).to_be_bytes());
        file.extend(png);
    }
    file
}

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number)
        .expect("because an icon holds few pictures")
        .to_le_bytes()
}

fn long(number: usize) -> u32 {
    u32::try_from(number).expect("because an icon is far smaller than 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::{icns, ico};

    #[test]
    fn an_ico_entry_points_at_its_picture() {
        let file = ico(&[(32, vec![1, 2, 3]), (256, vec![4, 5])]);
        assert_eq!(file[..6], [0, 0, 1, 0, 2, 0], "reserved, type 1, two pictures");
        assert_eq!(file[22], 0, "256 does not fit a byte and is written as 0");
        let offset = usize::from(file[22 + 12]);
        assert_eq!(
            file[offset..offset + 2],
            [4, 5],
            "the second entry's offset is the second picture's place"
        );
    }

    #[test]
    fn an_icns_file_says_its_own_length() {
        let file = icns(&[(b"ic07", vec![1, 2, 3])]);
        assert_eq!(file[..4], *b"icns");
        assert_eq!(
            u32::from_be_bytes([file[4], file[5], file[6], file[7]]) as usize,
            file.len()
        );
        assert_eq!(
            file[8..16],
            [b'i', b'c', b'0', b'7', 0, 0, 0, 11],
            "type, and length with its own head"
        );
    }
}
