using System;
using System.Collections.Generic;
using Polder.Parquet.Format;

namespace Polder.Parquet;

/// <summary>Builds the tree from a footer's depth-first list of elements, which nothing vouches for.</summary>
internal sealed class SchemaTree
{
    private readonly IReadOnlyList<SchemaElement> _elements;
    private readonly Limits _limits;
    private readonly List<ParquetLeaf> _leaves = [];
    private readonly List<string> _path = [];
    private int _next;

    private SchemaTree(IReadOnlyList<SchemaElement> elements, Limits limits)
    {
        _elements = elements;
        _limits = limits;
    }

    /// <exception cref="CorruptFileException">The list is no tree.</exception>
    public static ParquetSchema Build(IReadOnlyList<SchemaElement> elements, Limits limits)
    {
        if (elements.Count == 0)
        {
            throw new CorruptFileException("the footer has no schema");
        }

        SchemaTree tree = new(elements, limits);
        SchemaElement rootElement = elements[tree._next++];
        SchemaNode root = new(rootElement, 0, 0, tree.BuildChildren(rootElement, 0, 0));
        if (tree._next != elements.Count)
        {
            throw new CorruptFileException(
                $"the schema's tree takes {tree._next} of its {elements.Count} elements");
        }

        return new ParquetSchema(elements, root, tree._leaves);
    }

    private SchemaNode[] BuildChildren(SchemaElement parent, int definitionLevel, int repetitionLevel)
    {
        if (parent.ChildCount < 0 || parent.ChildCount > _elements.Count - _next)
        {
            throw new CorruptFileException(
                $"schema group '{parent.Name}' claims {parent.ChildCount} children, "
                + $"{_elements.Count - _next} elements are left");
        }

        if (_path.Count >= _limits.NestingDepth)
        {
            throw new CorruptFileException($"the schema is nested deeper than {_limits.NestingDepth} levels");
        }

        SchemaNode[] children = new SchemaNode[parent.ChildCount];
        for (int childIndex = 0; childIndex < children.Length; childIndex++)
        {
            children[childIndex] = BuildNode(definitionLevel, repetitionLevel);
        }

        return children;
    }

    private SchemaNode BuildNode(int definitionLevel, int repetitionLevel)
    {
        if (_next == _elements.Count)
        {
            throw new CorruptFileException("the schema's list ends inside its tree");
        }

        SchemaElement element = _elements[_next++];
        switch (element.Repetition)
        {
            case Repetition.Required:
                break;
            case Repetition.Optional:
                definitionLevel++;
                break;
            case Repetition.Repeated:
                definitionLevel++;
                repetitionLevel++;
                break;
            default:
                throw new CorruptFileException($"schema element '{element.Name}' has no valid repetition");
        }

        _path.Add(element.Name);
        SchemaNode node;
        if (element.Physical is PhysicalType physical)
        {
            CheckLeaf(element, physical);
            node = new SchemaNode(element, definitionLevel, repetitionLevel, []);
            node.Leaf = new ParquetLeaf(_leaves.Count, node, [.. _path]);
            _leaves.Add(node.Leaf);
        }
        else
        {
            node = new SchemaNode(
                element, definitionLevel, repetitionLevel, BuildChildren(element, definitionLevel, repetitionLevel));
        }

        _path.RemoveAt(_path.Count - 1);
        return node;
    }

    private static void CheckLeaf(SchemaElement element, PhysicalType physical)
    {
        if (!Enum.IsDefined(physical))
        {
            throw new CorruptFileException($"column '{element.Name}' has the unknown physical type {(int)physical}");
        }

        if (element.ChildCount != 0)
        {
            throw new CorruptFileException($"schema element '{element.Name}' has both a type and children");
        }

        if (physical == PhysicalType.FixedLenByteArray && element.TypeLength <= 0)
        {
            throw new CorruptFileException(
                $"column '{element.Name}' holds values of {element.TypeLength} bytes");
        }
    }
}
