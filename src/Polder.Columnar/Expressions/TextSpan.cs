namespace Polder.Expressions;

/// <summary>A range of UTF-16 units in a source text.</summary>
/// <param name="Start">0-based position of the first unit.</param>
/// <param name="Length">Units; 0 where the position is unknown.</param>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>Position after the last unit.</summary>
    public int End => Start + Length;

    /// <summary>The smallest span that covers both.</summary>
    public TextSpan Cover(TextSpan other) =>
        Length == 0 ? other : other.Length == 0 ? this : FromBounds(
            int.Min(Start, other.Start), int.Max(End, other.End));

    /// <summary>The span from <paramref name="start"/> up to <paramref name="end"/>, exclusive.</summary>
    public static TextSpan FromBounds(int start, int end) => new(start, end - start);
}
