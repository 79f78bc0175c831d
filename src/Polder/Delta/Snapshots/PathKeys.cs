using System;
using System.Buffers;
using System.Text;
using Polder.Bytes;
using Polder.Delta.Log;

namespace Polder.Delta.Snapshots;

/// <summary>Compares paths of a table's log, as they are spelled, in their canonical form.</summary>
internal sealed class PathKeys(string root)
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("%:\\"u8);

    private static readonly SearchValues<byte> Absolute = SearchValues.Create(":\\"u8);

    /// <summary>Equal for paths of one file.</summary>
    public ulong Hash(ReadOnlySpan<byte> path)
    {
        if (IsCanonical(path))
        {
            return Hash64.Bytes(path);
        }

        byte[] scratch = ArrayPool<byte>.Shared.Rent(path.Length);
        ulong hash = Hash64.Bytes(Canonicalize(path, scratch));
        ArrayPool<byte>.Shared.Return(scratch);
        return hash;
    }

    /// <summary>Whether two paths name one file.</summary>
    public bool AreSame(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.SequenceEqual(right))
        {
            return true;
        }

        if (IsCanonical(left) && IsCanonical(right))
        {
            return false;
        }

        return Canonicalize(left, new byte[left.Length]).SequenceEqual(Canonicalize(right, new byte[right.Length]));
    }

    /// <summary>Whether nothing is to be decoded: the path is its own canonical form.</summary>
    private static bool IsCanonical(ReadOnlySpan<byte> path) =>
        !path.IsEmpty && path[0] != '/' && !path.ContainsAny(Special);

    private ReadOnlySpan<byte> Canonicalize(ReadOnlySpan<byte> path, Span<byte> scratch)
    {
        if (IsCanonical(path))
        {
            return path;
        }

        return path.IsEmpty || path[0] == '/' || path.ContainsAny(Absolute)
            ? Encoding.UTF8.GetBytes(FilePath.Canonicalize(Encoding.UTF8.GetString(path), root))
            : scratch[..FilePath.Decode(path, scratch)];
    }
}
