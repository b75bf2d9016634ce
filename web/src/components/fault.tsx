/** What is wrong with several fields together. */
export function Fault({ children }: { children: string | undefined }) {
  if (!children) return null;
  return (
    <p role="alert" className="text-sm text-destructive-text">
      {children}
    </p>
  );
}
