using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation.Values;

/// <summary>
/// A pattern of LIKE: <c>%</c> any text, <c>_</c> one code point, the escape character before either or before itself.
/// Runs of literal bytes and of <c>_</c> between the <c>%</c>s are matched left to right, each at its first place.
/// </summary>
internal sealed class LikePattern
{
    // Each segment is what stands between two %s: literal bytes, and -1 for one code point.
    private readonly List<short[]> _segments;
    private readonly byte[]?[] _literals;

    private LikePattern(List<short[]> segments)
    {
        _segments = segments;
        _literals = [.. segments.Select(segment => Array.TrueForAll(segment, unit => unit >= 0)
            ? Array.ConvertAll(segment, unit => (byte)unit)
            : null)];
    }

    /// <summary>What a text must begin with, where the pattern asks for nothing else; else null.</summary>
    public byte[]? OnlyPrefix => _segments.Count == 2 && _segments[1].Length == 0 ? _literals[0] : null;

    /// <summary>Compiles; false where the escape character stands where it may not.</summary>
    public static bool TryCompile(
        ReadOnlySpan<byte> pattern, string escape, [NotNullWhen(true)] out LikePattern? compiled)
    {
        byte[] escapeBytes = Encoding.UTF8.GetBytes(escape);
        List<short[]> segments = [];
        List<short> segment = [];
        compiled = null;
        for (int index = 0; index < pattern.Length; index++)
        {
            if (pattern[index..].StartsWith(escapeBytes) && escapeBytes.Length > 0)
            {
                int next = index + escapeBytes.Length;
                bool escapesItself = next < pattern.Length && pattern[next..].StartsWith(escapeBytes);
                if (next >= pattern.Length || (!escapesItself && pattern[next] is not ((byte)'%' or (byte)'_')))
                {
                    return false;
                }

                int length = escapesItself ? escapeBytes.Length : 1;
                foreach (byte unit in pattern.Slice(next, length))
                {
                    segment.Add(unit);
                }

                index = next + length - 1;
            }
            else if (pattern[index] == '%')
            {
                segments.Add([.. segment]);
                segment.Clear();
            }
            else
            {
                segment.Add(pattern[index] == '_' ? (short)-1 : pattern[index]);
            }
        }

        segments.Add([.. segment]);
        compiled = new LikePattern(segments);
        return true;
    }

    /// <summary>The error of a pattern that does not compile.</summary>
    public static QueryException Failure(ReadOnlySpan<byte> pattern, string escape, TextSpan span)
    {
        string text = Encoding.UTF8.GetString(pattern);
        for (int index = 0; index < text.Length; index++)
        {
            if (string.CompareOrdinal(text, index, escape, 0, escape.Length) != 0)
            {
                continue;
            }

            int next = index + escape.Length;
            if (next >= text.Length)
            {
                break;
            }

            if (text[next] is not ('%' or '_') && string.CompareOrdinal(text, next, escape, 0, escape.Length) != 0)
            {
                string character = char.ConvertFromUtf32(char.ConvertToUtf32(text, next));
                return Failures.LikePattern("ESC_IN_THE_MIDDLE", text, character, span);
            }

            index = next;
        }

        return Failures.LikePattern("ESC_AT_THE_END", text, null, span);
    }

    /// <summary>Whether a text matches.</summary>
    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        int start = _literals[0] is { } first
            ? text.StartsWith(first) ? first.Length : -1
            : MatchAt(text, 0, _segments[0]);
        if (start < 0 || _segments.Count == 1)
        {
            return start == text.Length;
        }

        for (int index = 1; index < _segments.Count - 1; index++)
        {
            start = _literals[index] is { } literal
                ? FindLiteral(text, start, literal)
                : Find(text, start, _segments[index]);
            if (start < 0)
            {
                return false;
            }
        }

        return _literals[^1] is { } last
            ? text.Length - start >= last.Length && text.EndsWith(last)
            : EndsWith(text, start, _segments[^1]);
    }

    private static int FindLiteral(ReadOnlySpan<byte> text, int start, byte[] literal)
    {
        int found = text[start..].IndexOf(literal);
        return found < 0 ? -1 : start + found + literal.Length;
    }

    // The position after a segment that matches at a place, or -1.
    private static int MatchAt(ReadOnlySpan<byte> text, int position, short[] segment)
    {
        foreach (short unit in segment)
        {
            if (position >= text.Length)
            {
                return -1;
            }

            if (unit < 0)
            {
                position = int.Min(text.Length, position + Utf8.LengthOf(text[position]));
            }
            else if (text[position++] != unit)
            {
                return -1;
            }
        }

        return position;
    }

    private static int Find(ReadOnlySpan<byte> text, int start, short[] segment)
    {
        if (segment.Length == 0)
        {
            return start;
        }

        while (start < text.Length)
        {
            if (segment[0] >= 0)
            {
                int skip = text[start..].IndexOf((byte)segment[0]);
                if (skip < 0)
                {
                    return -1;
                }

                start += skip;
            }

            int end = MatchAt(text, start, segment);
            if (end >= 0)
            {
                return end;
            }

            start += Utf8.LengthOf(text[start]);
        }

        return -1;
    }

    // The last segment must end where the text ends: as many code points from the end as it has.
    private static bool EndsWith(ReadOnlySpan<byte> text, int start, short[] segment)
    {
        int end = text.Length;
        for (int index = segment.Length - 1; index >= 0; index--)
        {
            if (end <= start)
            {
                return false;
            }

            end--;
            if (segment[index] >= 0)
            {
                if (text[end] != segment[index])
                {
                    return false;
                }
            }
            else
            {
                while (end > start && (text[end] & 0xC0) == 0x80)
                {
                    end--;
                }
            }
        }

        return true;
    }
}
