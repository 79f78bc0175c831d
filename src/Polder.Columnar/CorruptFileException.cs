using System;

namespace Polder;

/// <summary>
/// The input is broken: its bytes contradict its format. Never thrown for a feature we lack
/// (<see cref="UnsupportedFeatureException"/>) or for a bug of ours (<see cref="Invariant"/>).
/// </summary>
public class CorruptFileException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="detail">What was expected and what was found, in one sentence without a final full stop.</param>
    /// <param name="path">The file, where known; readers that hold bytes only leave it to their caller.</param>
    /// <param name="offset">Bytes from the start of the file, or -1 where unknown.</param>
    /// <param name="innerException">The library error that revealed the damage.</param>
    public CorruptFileException(
        string detail, string? path = null, long offset = -1, Exception? innerException = null)
        : base(Compose(detail, path, offset), innerException)
    {
        Detail = detail;
        Path = path;
        Offset = offset;
    }

    /// <summary>What was expected and what was found.</summary>
    public string Detail { get; }

    /// <summary>The damaged file, or null where only bytes were at hand.</summary>
    public string? Path { get; }

    /// <summary>Bytes from the start of the file, or -1 where unknown.</summary>
    public long Offset { get; }

    /// <summary>The same damage with the file named; what the layer that knows the path throws on.</summary>
    public CorruptFileException In(string path) =>
        Path is not null ? this : new CorruptFileException(Detail, path, Offset, this);

    private static string Compose(string detail, string? path, long offset) =>
        (path, offset) switch
        {
            (null, < 0) => detail,
            (null, _) => FormattableString.Invariant($"at byte {offset}: {detail}"),
            (_, < 0) => $"{path}: {detail}",
            _ => FormattableString.Invariant($"{path}, at byte {offset}: {detail}"),
        };
}
