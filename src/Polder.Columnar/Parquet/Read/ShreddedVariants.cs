using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Variant;

namespace Polder.Parquet.Read;

/// <summary>
/// Puts variants together again that a file keeps in typed columns (VariantShredding.md, "Reconstructing a Shredded
/// Variant"). What a value column holds is copied as it is: its keys' ids stay those of the metadata column, to which
/// keys are added only where a typed field's name is missing there.
/// </summary>
internal sealed class ShreddedVariants
{
    private readonly ArrayData _metadata;
    private readonly KeyTable _names = new();
    private readonly int[] _ids;
    private readonly VariantBuffer _buffer = new();
    private readonly List<byte[]> _added = [];
    private readonly List<byte[]> _keysOfAll = [];
    private byte[] _current = [];
    private int _keyCount;
    private BytesBuilder? _changed;

    private ShreddedVariants(ArrayData metadata, IEnumerable<byte[]> names)
    {
        _metadata = metadata;
        foreach (byte[] name in names)
        {
            _names.FindOrAdd(name);
        }

        _ids = new int[_names.Keys.Count];
    }

    /// <summary>The bytes of the row being put together.</summary>
    public VariantBuffer Buffer => _buffer;

    /// <summary>The keys of the row being put together.</summary>
    public ReadOnlySpan<byte> Metadata => _current;

    /// <summary>Whether values are more than their two binaries.</summary>
    public static bool NeedsRebuilding(FieldPlan plan, ArrayData[] children) =>
        plan.Field.IsShredded || (plan.Children[1].Field.IsNullable && children[1].GetNullCount() > 0);

    /// <summary>The variants of a batch.</summary>
    /// <param name="plan">The field, a variant.</param>
    /// <param name="children">Its parts, in the order of the plan's children.</param>
    /// <param name="validity">Which rows are not null.</param>
    /// <param name="nullCount">How many are.</param>
    /// <exception cref="CorruptFileException">Parts contradict one another.</exception>
    public static ArrayData Rebuild(FieldPlan plan, ArrayData[] children, ArrowBuffer validity, int nullCount)
    {
        ShreddedColumn column = ShreddedColumn.Create(plan.Children, children);
        ShreddedVariants rebuilding = new(children[0], column.Names());
        int length = children[0].Length;
        BytesBuilder values = (BytesBuilder)ColumnBuilder.Create(DataType.Binary, length);
        ReadOnlySpan<byte> bits = validity.Span;
        for (int row = 0; row < length; row++)
        {
            if (nullCount > 0 && !Bitmap.Get(bits, row))
            {
                values.Append(ReadOnlySpan<byte>.Empty);
                rebuilding.KeepMetadata(row);
                continue;
            }

            rebuilding.BeginRow(row);
            if (!column.TryAppend(row, rebuilding))
            {
                rebuilding._buffer.AppendHeader(VariantPrimitive.Null);
            }

            values.Append(rebuilding._buffer.Written);
            rebuilding.EndRow(row);
        }

        ArrayData metadata = rebuilding._changed?.BuildData() ?? children[0];
        return new ArrayData(
            plan.ArrowType, length, nullCount, 0, [validity], [metadata, values.BuildData()]);
    }

    /// <summary>The position of a name among all names of typed fields; -1 where it is none of them.</summary>
    public int FindName(ReadOnlySpan<byte> name) => _names.Find(name);

    /// <summary>The id of a typed field's key in this row.</summary>
    public int IdOf(int name)
    {
        if (_ids[name] < 0)
        {
            _ids[name] = _keyCount + _added.Count;
            _added.Add(_names.Keys[name]);
        }

        return _ids[name];
    }

    /// <summary>The key of an id in this row.</summary>
    public ReadOnlySpan<byte> KeyOf(int id) =>
        id < _keyCount ? VariantKeys.At(_current, id) : _added[id - _keyCount];

    private void BeginRow(int row)
    {
        _buffer.Truncate(0);
        ReadOnlySpan<byte> metadata = ArrayBuffers.BytesAt(_metadata, row);
        if (_current.Length > 0 && _added.Count == 0 && metadata.SequenceEqual(_current))
        {
            return;
        }

        _current = metadata.ToArray();
        _keyCount = VariantKeys.Count(metadata);
        _added.Clear();
        _ids.AsSpan().Fill(-1);
        for (int id = 0; id < _keyCount && _ids.Length > 0; id++)
        {
            int name = _names.Find(VariantKeys.At(metadata, id));
            if (name >= 0)
            {
                _ids[name] = id;
            }
        }
    }

    private void EndRow(int row)
    {
        if (_added.Count == 0)
        {
            KeepMetadata(row);
            return;
        }

        if (_changed is null)
        {
            _changed = (BytesBuilder)ColumnBuilder.Create(DataType.Binary, _metadata.Length);
            for (int earlier = 0; earlier < row; earlier++)
            {
                _changed.Append(ArrayBuffers.BytesAt(_metadata, earlier));
            }
        }

        _keysOfAll.Clear();
        for (int id = 0; id < _keyCount; id++)
        {
            _keysOfAll.Add(VariantKeys.At(_current, id).ToArray());
        }

        _keysOfAll.AddRange(_added);
        _buffer.Truncate(0);
        _buffer.AppendMetadata(_keysOfAll);
        _changed.Append(_buffer.Written);
    }

    private void KeepMetadata(int row) => _changed?.Append(ArrayBuffers.BytesAt(_metadata, row));
}
