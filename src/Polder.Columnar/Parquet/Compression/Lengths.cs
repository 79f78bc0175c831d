using System;

namespace Polder.Parquet.Compression;

/// <summary>The one rule all codecs share: what comes out is as long as the page header says.</summary>
internal static class Lengths
{
    /// <summary>Throws unless a codec gave as much as the header says.</summary>
    public static void Check(string codec, int expected, long actual)
    {
        if (actual != expected)
        {
            throw Mismatch(codec, expected, actual);
        }
    }

    /// <summary>What is thrown for data of another length than its header says.</summary>
    public static CorruptFileException Mismatch(string codec, int expected, long actual) => new(
        FormattableString.Invariant($"the {codec} data holds {actual} bytes where its page header says {expected}"));
}
