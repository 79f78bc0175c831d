using System;
using System.Globalization;
using System.Text;

namespace Polder.Columns.Values;

/// <summary>UTF-8 under construction: many values one after another, with the offsets of a string column.</summary>
internal sealed class TextSink
{
    private byte[] _bytes = new byte[256];
    private int _length;

    /// <summary>Bytes written.</summary>
    public int Length => _length;

    /// <summary>The bytes written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>What a writer of UTF-8 writes, as a string.</summary>
    public static string ToText(Action<TextSink> write)
    {
        TextSink sink = new();
        write(sink);
        return Encoding.UTF8.GetString(sink.Written);
    }

    /// <summary>The bytes written, without a copy: nothing may be written afterwards.</summary>
    public ReadOnlyMemory<byte> ToMemory() => _bytes.AsMemory(0, _length);

    /// <summary>Takes bytes back off the end.</summary>
    public void Truncate(int length) => _length = length;

    /// <summary>One ASCII character.</summary>
    public void Write(char ascii)
    {
        Reserve(1);
        _bytes[_length++] = (byte)ascii;
    }

    /// <summary>Bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Text.</summary>
    public void Write(string text)
    {
        Reserve(text.Length * 3);
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
    }

    /// <summary>A number in digits, no padding.</summary>
    public void WriteNumber<T>(T value)
        where T : IUtf8SpanFormattable
    {
        Reserve(64);
        bool fits = value.TryFormat(_bytes.AsSpan(_length), out int written, default, CultureInfo.InvariantCulture);
        Invariant.Holds(fits, "a number of more than 64 digits");
        _length += written;
    }

    /// <summary>A number that is not negative, with leading zeros up to a width.</summary>
    public void WritePadded(long value, int width) =>
        Advance(Digits.Write(GetSpan(int.Max(width, Digits.MaxCount)), (ulong)value, width));

    /// <summary>Room for at least so many bytes at the end, to be filled before <see cref="Advance"/>.</summary>
    public Span<byte> GetSpan(int sizeHint)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_length);
    }

    /// <summary>Takes in bytes that were written to the room.</summary>
    public void Advance(int count) => _length += count;

    private void Reserve(int additional)
    {
        if (_bytes.Length - _length < additional)
        {
            long needed = long.Max((long)_length + additional, 2L * _bytes.Length);
            if (_length + (long)additional > Array.MaxLength)
            {
                throw new InvalidOperationException("a text column of more than 2 GiB");
            }

            Array.Resize(ref _bytes, (int)long.Min(needed, Array.MaxLength));
        }
    }
}
