export function Logo({ className }: { className?: string }) {
  return (
    <span className={`inline-flex items-center gap-2 text-lg font-bold ${className ?? ''}`}>
      <svg viewBox="0 0 32 32" className="size-8" aria-hidden>
        <rect width="32" height="32" rx="8" fill="#10B981" />
        <path
          d="M11 8v16M21 8l-9 8 9 8"
          fill="none"
          stroke="#fff"
          strokeWidth="3.5"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      Kazi
    </span>
  );
}
