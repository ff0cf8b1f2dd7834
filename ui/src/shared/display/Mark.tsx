/** The mark: a tide line, two waves, and now. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <path
        d="M2 6.5h16"
        stroke="var(--text-muted)"
        strokeWidth="1.5"
        strokeLinecap="round"
        opacity=".55"
      />
      <path
        d="M2 12.2c2 0 2-2.4 4-2.4s2 2.4 4 2.4 2-2.4 4-2.4 2 2.4 4 2.4"
        stroke="var(--accent)"
        strokeWidth="1.9"
        strokeLinecap="round"
      />
      <path
        d="M2 16.2c2 0 2-2.4 4-2.4s2 2.4 4 2.4 2-2.4 4-2.4 2 2.4 4 2.4"
        stroke="var(--accent)"
        strokeWidth="1.9"
        strokeLinecap="round"
        opacity=".45"
      />
      <path d="M13.4 2.5v8" stroke="var(--now)" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  );
}
