using System;

namespace Polder.Columns.Variant;

/// <summary>Reads the metadata of variants: a dictionary of keys (VariantEncoding.md, "Metadata encoding").</summary>
internal static class VariantKeys
{
    private const int Version = 1;

    /// <summary>The number of keys.</summary>
    /// <exception cref="CorruptFileException">It is no dictionary.</exception>
    public static int Count(ReadOnlySpan<byte> metadata)
    {
        int offsetBytes = OffsetBytes(metadata);
        int count = VariantValue.ReadUnsigned(metadata, 1, offsetBytes);
        return ((count + 2L) * offsetBytes) + 1 <= metadata.Length ? count : throw VariantValue.EndsEarly();
    }

    /// <summary>A key as UTF-8.</summary>
    /// <exception cref="CorruptFileException">There is none of that id.</exception>
    public static ReadOnlySpan<byte> At(ReadOnlySpan<byte> metadata, int id)
    {
        int offsetBytes = OffsetBytes(metadata);
        int count = Count(metadata);
        if ((uint)id >= (uint)count)
        {
            throw new CorruptFileException(FormattableString.Invariant($"a variant names key {id} of {count}"));
        }

        int at = 1 + ((id + 1) * offsetBytes);
        int start = VariantValue.ReadUnsigned(metadata, at, offsetBytes);
        int end = VariantValue.ReadUnsigned(metadata, at + offsetBytes, offsetBytes);
        int bytesStart = 1 + ((count + 2) * offsetBytes);
        return start <= end && end <= metadata.Length - bytesStart
            ? metadata[(bytesStart + start)..(bytesStart + end)]
            : throw VariantValue.EndsEarly();
    }

    private static int OffsetBytes(ReadOnlySpan<byte> metadata)
    {
        if (metadata.IsEmpty)
        {
            throw new CorruptFileException("a variant has no metadata");
        }

        int version = metadata[0] & 15;
        return version == Version
            ? (metadata[0] >> 6) + 1
            : throw new CorruptFileException(FormattableString.Invariant(
                $"a variant's metadata is of version {version}, not 1"));
    }
}
