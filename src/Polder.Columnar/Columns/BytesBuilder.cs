using System;
using System.Text;
using Apache.Arrow;

namespace Polder.Columns;

/// <summary>A column of strings (UTF-8) or binaries, up to 2 GiB of bytes together.</summary>
public sealed class BytesBuilder : ColumnBuilder
{
    private OffsetsBuilder _offsets;
    private ValueBuffer _bytes;

    internal BytesBuilder(DataType type, int capacity)
        : base(type)
    {
        _offsets = new OffsetsBuilder(capacity);
        _bytes = new ValueBuffer(0);
    }

    /// <summary>Bytes of all values appended since the last build: what a caller that fills batches watches.</summary>
    public int SizeBytes => _bytes.Length;

    /// <summary>Appends a value.</summary>
    public void Append(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_bytes.Append(value.Length));
        _offsets.Append(_bytes.Length);
        Rows.AppendValid();
    }

    /// <summary>Appends text as UTF-8.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        _bytes.Commit(Encoding.UTF8.GetBytes(text, _bytes.Reserve(MostUtf8Bytes(text))));
        _offsets.Append(_bytes.Length);
        Rows.AppendValid();
    }

    /// <summary>Appends a value of that many bytes for the caller to fill in before the next append.</summary>
    public Span<byte> AppendSpan(int sizeBytes)
    {
        Span<byte> appended = _bytes.Append(sizeBytes);
        _offsets.Append(_bytes.Length);
        Rows.AppendValid();
        return appended;
    }

    /// <summary>
    /// Appends valid rows of the given lengths and returns the place of all their bytes together, for the caller to
    /// fill in before the next append.
    /// </summary>
    public Span<byte> AppendLengths(ReadOnlySpan<int> lengths)
    {
        Span<int> ends = _offsets.AppendSpan(lengths.Length);
        long end = _bytes.Length;
        for (int row = 0; row < lengths.Length; row++)
        {
            end += lengths[row];
            ends[row] = (int)end;
        }

        Rows.AppendValid(lengths.Length);
        return _bytes.Append(Bytes.Gather.CheckTotal(end) - _bytes.Length);
    }

    /// <summary>Room that is enough for text as UTF-8; counted where a guess would waste much.</summary>
    internal static int MostUtf8Bytes(ReadOnlySpan<char> text) =>
        text.Length <= 1024 ? 3 * text.Length : Encoding.UTF8.GetByteCount(text);

    /// <summary>Appends valid rows whose ends the caller fills in.</summary>
    internal Span<int> AppendEnds(int count)
    {
        Rows.AppendValid(count);
        return _offsets.AppendSpan(count);
    }

    /// <summary>Room for that many bytes or more, appended by <see cref="CommitBytes"/>.</summary>
    internal Span<byte> ReserveBytes(int count) => _bytes.Reserve(count);

    /// <summary>Appends the first bytes of the room reserved last.</summary>
    internal void CommitBytes(int count) => _bytes.Commit(count);

    /// <inheritdoc />
    public override void AppendNulls(int count)
    {
        _offsets.Append(_bytes.Length, count);
        Rows.AppendNulls(count);
    }

    /// <inheritdoc />
    public override void AppendValue(object? value)
    {
        switch (value)
        {
            case null:
                AppendNulls(1);
                break;
            case string text when Type.IsText:
                Append(text.AsSpan());
                break;
            default:
                Append(((byte[])value).AsSpan());
                break;
        }
    }

    internal override ArrayData BuildData()
    {
        int length = Length;
        ValidityBuffer validity = Rows.Build();
        return new ArrayData(
            ArrowType, length, validity.NullCount, 0, [validity.Bits, _offsets.Build(), _bytes.Build()], null, null);
    }
}
