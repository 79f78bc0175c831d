using System;
using System.Globalization;

namespace Polder.Delta;

/// <summary>
/// A table's log is broken: a commit is torn, empty or not JSON, a version is missing, or no protocol or metadata can
/// be found. The table must be repaired; reading on would show rows that were never committed or lose some.
/// </summary>
public sealed class CorruptLogException : CorruptFileException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="detail">What was expected and what was found, in one sentence without a final full stop.</param>
    /// <param name="path">The damaged file, or the log's folder.</param>
    /// <param name="line">1-based line in a commit, or 0 where it is not one line that is wrong.</param>
    /// <param name="innerException">The library error that revealed the damage.</param>
    public CorruptLogException(string detail, string path, int line = 0, Exception? innerException = null)
        : base(
            line == 0 ? detail : string.Create(CultureInfo.InvariantCulture, $"line {line}: {detail}"),
            path,
            innerException: innerException)
    {
        Line = line;
    }

    /// <summary>1-based line in a commit, or 0 where it is not one line that is wrong.</summary>
    public int Line { get; }
}
