//! Reads the timeline's binary message by the layout at the head of `ui/src/timeline/columns.ts`.

/// A span of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// The ledger's row.
    pub id: f64,
    pub lane: u32,
    pub version: String,
    pub started: f64,
    /// NaN when the start is exact.
    pub earliest: f64,
    pub settled: f64,
    /// NaN unless it failed.
    pub failed: f64,
    /// NaN while it is live.
    pub ended: f64,
    /// NaN unless the version before kept ready pods; infinite while it still does.
    pub old_serves_until: f64,
    pub status: u8,
    pub flags: u8,
    /// The span that it returned to.
    pub back_to: Option<usize>,
}

/// What the tests look at of a message.
#[derive(Debug)]
pub struct Columns {
    pub spans: Vec<Span>,
    /// Configuration changes (0) and restarts (1).
    pub marks: Vec<u8>,
    /// How many deployments each gap stands for.
    pub gaps: Vec<u32>,
    /// When each gap begins.
    pub gaps_from: Vec<f64>,
    /// The workload of each lane, where one is known.
    pub workloads: Vec<Option<String>>,
}

impl Span {
    /// It took the workload back.
    pub fn is_rollback(&self) -> bool {
        self.flags & wire::timeline::columns::flag::ROLLBACK != 0
    }

    /// A later one took it back.
    pub fn is_undone(&self) -> bool {
        self.flags & wire::timeline::columns::flag::UNDONE != 0
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn column<const N: usize, T>(&mut self, count: usize, of: impl Fn([u8; N]) -> T) -> Vec<T> {
        let bytes = &self.bytes[self.at..self.at + count * N];
        self.at = (self.at + count * N).next_multiple_of(8);
        let values = bytes.chunks_exact(N).map(|chunk| of(chunk.try_into().unwrap()));
        values.collect()
    }

    fn skip(&mut self, bytes: usize) {
        self.at = (self.at + bytes).next_multiple_of(8);
    }

    fn f64s(&mut self, count: usize) -> Vec<f64> {
        self.column(count, f64::from_le_bytes)
    }

    fn u32s(&mut self, count: usize) -> Vec<u32> {
        self.column(count, u32::from_le_bytes)
    }

    fn u8s(&mut self, count: usize) -> Vec<u8> {
        self.column(count, |[byte]: [u8; 1]| byte)
    }
}

impl Columns {
    /// Reads a message of layout version 3.
    pub fn read(bytes: &[u8]) -> Self {
        assert_eq!(&bytes[..4], b"TMTL");
        let header = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(header(4), 3, "the layout's version");
        let [d, l, s, e, m, g, t, b] = [32, 36, 40, 44, 48, 52, 56, 60].map(header);
        let mut reader = Reader { bytes, at: 64 };
        let ids = reader.f64s(d);
        let [started, earliest, settled, failed, ended, old] = [(); 6].map(|()| reader.f64s(d));
        let [lane, version, _who] = [(); 3].map(|()| reader.u32s(d));
        let target = reader.column(d, i32::from_le_bytes);
        let [status, flags] = [(); 2].map(|()| reader.u8s(d));
        for width in [8, 4, 4, 4] {
            reader.skip(width * l);
        }
        let workloads = reader.u32s(l);
        // Services and environments, then the times and places of marks and gaps.
        for (width, count) in [(4, s), (4, s), (4, e), (4, e), (1, e), (1, e)] {
            reader.skip(width * count);
        }
        for width in [8, 8, 4, 4] {
            reader.skip(width * m);
        }
        let marks = reader.u8s(m);
        let gaps_from = reader.f64s(g);
        for width in [8, 4] {
            reader.skip(width * g);
        }
        let gaps = reader.u32s(g);
        let offsets = reader.u32s(t + 1);
        let texts = &bytes[reader.at..reader.at + b];
        let text = |index: u32| {
            let (from, to) = (
                offsets[index as usize] as usize,
                offsets[index as usize + 1] as usize,
            );
            String::from_utf8(texts[from..to].to_vec()).unwrap()
        };
        let span = |i: usize| Span {
            id: ids[i],
            lane: lane[i],
            version: text(version[i]),
            started: started[i],
            earliest: earliest[i],
            settled: settled[i],
            failed: failed[i],
            ended: ended[i],
            old_serves_until: old[i],
            status: status[i],
            flags: flags[i],
            back_to: usize::try_from(target[i]).ok(),
        };
        Self {
            spans: (0..d).map(span).collect(),
            marks,
            gaps,
            gaps_from,
            workloads: workloads
                .into_iter()
                .map(|at| (at != wire::timeline::columns::NO_STRING).then(|| text(at)))
                .collect(),
        }
    }

    /// The versions in the order of the first lane.
    pub fn versions(&self) -> Vec<&str> {
        let lane = self.spans.iter().filter(|span| span.lane == 0);
        lane.map(|span| span.version.as_str()).collect()
    }
}
