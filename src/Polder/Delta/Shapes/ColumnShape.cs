using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Evaluation;
using Polder.Parquet;

namespace Polder.Delta.Shapes;

/// <summary>
/// Turns a column as a file holds it into the column as the table has it: fields in the table's order under the
/// table's names, missing ones null, narrower types widened. Made once per file, applied to each batch.
/// </summary>
internal abstract class ColumnShape
{
    private ColumnShape(DataType target)
    {
        Target = target;
        ArrowType = ArrowTypes.ToArrow(target);
    }

    /// <summary>The table's type.</summary>
    public DataType Target { get; }

    protected IArrowType ArrowType { get; }

    /// <param name="source">The column as the file has it.</param>
    /// <param name="target">The table's type; CHAR where values are padded.</param>
    /// <param name="naming">Which field of a struct in the file is which of the table.</param>
    /// <param name="path">The column's name, for messages.</param>
    /// <param name="calendar">How the file counts old dates.</param>
    /// <param name="variants">Takes the structs that are to be read as variants.</param>
    public static ColumnShape Create(
        ParquetField source,
        DataType target,
        ColumnNaming naming,
        string path,
        LegacyCalendar calendar,
        List<ParquetField> variants)
    {
        switch (target.Kind, source.Shape)
        {
            case (TypeKind.Struct, FieldShape.Struct):
                return new Struct(target, source, naming, path, calendar, variants);
            case (TypeKind.Array, FieldShape.List):
                return new Nested(
                    target, [Create(source.Children[0], target.Element!, naming, path, calendar, variants)]);
            case (TypeKind.Map, FieldShape.Map):
                return new Nested(
                    target,
                    [
                        Create(source.Children[0], target.Key!, naming, path, calendar, variants),
                        Create(source.Children[1], target.Element!, naming, path, calendar, variants),
                    ]);
            case (TypeKind.Variant, FieldShape.Struct):
                variants.Add(source);
                return new Same(target);
            default:
                ColumnShape shape = Create(source.Type, target, path);
                return calendar.AppliesTo(source) ? new Rebased(calendar, source.Type.Kind, shape) : shape;
        }
    }

    /// <summary>The rows as the table has them.</summary>
    public IArrowArray Apply(IArrowArray source) => ArrowArrayFactory.BuildArray(Apply(source.Data));

    protected abstract ArrayData Apply(ArrayData source);

    protected static ArrayData Relabel(ArrayData data, IArrowType type, ArrayData[]? children) =>
        new(type, data.Length, data.NullCount, data.Offset, data.Buffers, children, null);

    private static ColumnShape Create(DataType source, DataType target, string path)
    {
        if (target.Kind == TypeKind.Char && source.Kind is TypeKind.String or TypeKind.Binary)
        {
            return new Padded(target);
        }

        if (source.Equals(target) || HoldsAlike(source, target))
        {
            return new Same(target);
        }

        return TypeWidening.IsAllowed(source, target)
            ? new Widened(source, target)
            : throw new CorruptFileException($"column {path} is {source} in the file, the table has {target}");
    }

    /// <summary>Whether the values need no more than the other type's name on them.</summary>
    private static bool HoldsAlike(DataType source, DataType target) => (source.Kind, target.Kind) is
        (TypeKind.Timestamp, TypeKind.TimestampNtz) or (TypeKind.TimestampNtz, TypeKind.Timestamp) or
        (TypeKind.Binary, TypeKind.String) or (TypeKind.String, TypeKind.Binary) or
        (TypeKind.Variant, TypeKind.Variant);

    private sealed class Same(DataType target) : ColumnShape(target)
    {
        protected override ArrayData Apply(ArrayData source) => Relabel(source, ArrowType, source.Children);
    }

    private sealed class Padded(DataType target) : ColumnShape(target)
    {
        protected override ArrayData Apply(ArrayData source) => CharPadding.Apply(
            ArrowArrayFactory.BuildArray(Relabel(source, ArrowType, source.Children)), Target.Length).Data;
    }

    private sealed class Rebased(LegacyCalendar calendar, TypeKind kind, ColumnShape inner) : ColumnShape(inner.Target)
    {
        protected override ArrayData Apply(ArrayData source)
        {
            IArrowArray array = ArrowArrayFactory.BuildArray(source);
            return inner.Apply(kind == TypeKind.Date
                ? LegacyCalendar.RebaseDates(array).Data
                : calendar.RebaseTimestamps(array).Data);
        }
    }

    private sealed class Widened : ColumnShape
    {
        private readonly Evaluator _cast;
        private readonly Schema _schema;

        public Widened(DataType source, DataType target)
            : base(target)
        {
            StructField field = new("value", source);
            _schema = new Schema([ArrowTypes.ToField(field)], null);
            _cast = Evaluator.Create(
                new Cast(new ColumnReference(0, field.Name, source, nullable: true), target, nullable: true));
        }

        protected override ArrayData Apply(ArrayData source)
        {
            using RecordBatch batch = new(_schema, [ArrowArrayFactory.BuildArray(source)], source.Length);
            return _cast.Evaluate(batch).Data;
        }
    }

    /// <summary>A list or map: the elements change, which row has which does not.</summary>
    private sealed class Nested(DataType target, ColumnShape[] children) : ColumnShape(target)
    {
        protected override ArrayData Apply(ArrayData source)
        {
            if (ArrowType is not MapType map)
            {
                return Relabel(source, ArrowType, [children[0].Apply(source.Children[0])]);
            }

            ArrayData pairs = source.Children[0];
            ArrayData[] parts =
            [
                .. children.Select((child, index) => child.Apply(ArrayBuffers.StructField(pairs, index))),
            ];
            ArrayData shaped = new(map.KeyValueType, pairs.Length, 0, 0, [ArrowBuffer.Empty], parts, null);
            return Relabel(source, ArrowType, [shaped]);
        }
    }

    private sealed class Struct : ColumnShape
    {
        private readonly List<(string Name, ColumnShape? Shape)> _fields = [];

        public Struct(
            DataType target,
            ParquetField source,
            ColumnNaming naming,
            string path,
            LegacyCalendar calendar,
            List<ParquetField> variants)
            : base(target)
        {
            foreach (StructField field in target.Fields)
            {
                ParquetField? found = naming.Find(source.Children, field);
                _fields.Add(found is null
                    ? ("", null)
                    : (
                        found.Name,
                        Create(found, field.Type, naming, $"{path}.{field.Name}", calendar, variants)));
            }
        }

        protected override ArrayData Apply(ArrayData source)
        {
            ArrayData[] children = new ArrayData[_fields.Count];
            for (int fieldIndex = 0; fieldIndex < children.Length; fieldIndex++)
            {
                (string name, ColumnShape? shape) = _fields[fieldIndex];
                children[fieldIndex] = shape is null
                    ? Constants.Repeat(null, Target.Fields[fieldIndex].Type, source.Length).Data
                    : shape.Apply(ArrayBuffers.StructField(source, IndexOf((StructType)source.DataType, name)));
            }

            ValidityBuffer validity = Validity.Of(source).ToBuffer();
            return new ArrayData(
                ArrowType, source.Length, validity.NullCount, 0, [validity.Bits], children, null);
        }

        /// <summary>Only the parts that were asked for are there, in whatever order.</summary>
        private static int IndexOf(StructType type, string name)
        {
            for (int index = 0; index < type.Fields.Count; index++)
            {
                if (string.Equals(type.Fields[index].Name, name, StringComparison.Ordinal))
                {
                    return index;
                }
            }

            throw new System.Diagnostics.UnreachableException($"the reader left out the field {name}");
        }
    }
}
